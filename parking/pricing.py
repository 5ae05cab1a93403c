"""The price of stays, for whoever asks: the gate, the phone, the office, the audit."""

from parking.operations.prices import reprice, reprice_month
from parking.pricebook import Book, Due, Priced, book_of, due, priced

__all__ = ["Book", "Due", "Priced", "book_of", "due", "priced", "reprice", "reprice_month"]
