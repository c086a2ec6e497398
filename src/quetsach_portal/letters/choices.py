"""The choices that filters of lists offer."""

from quetsach_portal.letters.models import Channel, DispatchState, LetterState

STATES = LetterState.choices
CHANNELS = Channel.choices
DISPATCH_STATES = DispatchState.choices
