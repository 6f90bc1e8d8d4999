"""The form of an action, made from what its payload asks for: one declaration for the page, the machine and the check.

    form_class = action_form(action.payload, choices_for=MatterChoices(matter, tasks, clocks, actor, now))
    form = form_class(request.POST, request.FILES)
    if form.is_valid():
        try:
            matters.act(matter.pk, action.slug, form.payload(), by=actor, at=now, files=form.uploads())
        except Refused as refused:
            form.refuse(refused)

Nothing that was typed is lost: a bound form shows it again, with the sentence beside the field that it is about.
"""

from .choices import MatterChoices, no_choices
from .fields import MatterField, TextField
from .forms import FILES, ActionForm, action_form

__all__ = ["FILES", "ActionForm", "MatterChoices", "MatterField", "TextField", "action_form", "no_choices"]
