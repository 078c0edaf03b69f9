"""Numbers from outside, told before anything asks the database, or `int`, for them."""


def is_key(text):
    """Whether `text`, from outside, can be a primary key."""
    return text.isascii() and text.isdigit() and len(text) < 19
