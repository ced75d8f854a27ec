"""Whether the service and the parts it stands on are well."""
