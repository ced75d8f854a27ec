"""The configuration profile that sets up the address book on an iPhone, iPad or Mac."""
