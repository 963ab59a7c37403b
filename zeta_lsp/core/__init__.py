"""The vocabulary of the whole project: values and pure functions.

Nothing here reads a clock, a file, a socket or an editor; what comes from outside is handed in.
Every other package imports this one, and this one imports no other package of the project.
"""
