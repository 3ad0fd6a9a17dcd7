"""Answers of providers, a file for each kind of source: section 9, Answers of feeds.

`values(question, line, body)` of each yields what has a number, in order: a fact (series, start, end, value, unit,
quality), or None for a forecast and for what is no value.
"""

from rebuild.feeds import described, eia, electricity_maps, energy_charts, entsoe, gb, open_meteo, prometheus, watttime

# One line a kind, as in the table of feeds; a kind that is not here is not read.
KINDS = {"csv": described.tables, "eia": eia.values, "electricity-maps": electricity_maps.values,
         "energy-charts": energy_charts.values, "entsoe": entsoe.values, "gb": gb.values, "json": described.lists,
         "open-meteo": open_meteo.values, "open-meteo-archive": open_meteo.values, "prometheus": prometheus.values,
         "watttime": watttime.values}
