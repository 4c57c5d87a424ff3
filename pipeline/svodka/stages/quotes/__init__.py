"""Quotations: who said what.

`stage` puts the parts together: `marks` pairs quotation marks, `block`, `direct`, `indirect`, `fragment` and `headline`
find quotations by form, `reject` tells names from speech, `attribute` finds the speaker.
"""
