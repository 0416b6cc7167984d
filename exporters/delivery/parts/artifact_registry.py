"""Artifact Registry takes an access token of Google Cloud as password."""

CLOUD = "gcp"
NEEDS = ("gcloud",)
LOGIN = ("REGISTRY_USER=oauth2accesstoken", 'REGISTRY_PASSWORD="$(gcloud auth print-access-token)"')
