"""HTTP without a domain: what every resource of any service would need."""
