"""What a stay costs: rules as data, and one pure function for quote, charge and audit."""

from parking.tariffs.checks import Fault, faults
from parking.tariffs.price import Discount, Line, Price, Span, price
from parking.tariffs.rules import Rate, Rules, Window, parse, rate_for

__all__ = [
    "Discount",
    "Fault",
    "Line",
    "Price",
    "Rate",
    "Rules",
    "Span",
    "Window",
    "faults",
    "parse",
    "price",
    "rate_for",
]
