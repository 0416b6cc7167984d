"""ECR gives a password for twelve hours to whoever holds a role."""

CLOUD = "aws"
NEEDS = ("aws",)
LOGIN = ("REGISTRY_USER=AWS", 'REGISTRY_PASSWORD="$(aws ecr get-login-password)"')
