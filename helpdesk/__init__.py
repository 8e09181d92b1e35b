"""The ticketing engine for agencies that maintain applications under contract."""
