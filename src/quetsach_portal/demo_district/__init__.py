"""The demo district, loaded by the very acts that people use: units, campaign, evidence, cases."""
