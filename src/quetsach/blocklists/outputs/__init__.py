"""One file a form that a device, a sensor or another programme reads."""
