"""How parcels recover: values by date, index against a reference, trend, target curve, alarms."""
