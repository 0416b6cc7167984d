"""ELK: Elasticsearch by the Elastic operator; Logstash and Kibana are components of their own."""

from __future__ import annotations

from exporters.manifests import elasticsearch

address = elasticsearch.address
datasource = elasticsearch.datasource
datasource_secret = elasticsearch.datasource_secret
objects = elasticsearch.objects
pipeline = elasticsearch.pipeline
sink = elasticsearch.sink
values = elasticsearch.operator_values
