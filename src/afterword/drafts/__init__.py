"""The words: messages to the employer, and what the person reads in the calendar.

Texts are files, one folder a language; the code here chooses the text, hands
it plain facts and checks what comes out. Nothing in this room knows the clock
or the network, and jinja2 is imported only when a text is rendered.
"""
