"""Which function of the distance a force is: forms that are known, and the one that fits."""

from forcelaw.particles.forms.form_choice import READING, Evidence, other_forms, read_forms
from forcelaw.particles.forms.form_search import ReadForm, Whitened, dense_points, whiten
from forcelaw.particles.forms.forms_of_design import propose_forms
from forcelaw.particles.forms.known_forms import FORMS, Form

__all__ = [
    "FORMS",
    "READING",
    "Evidence",
    "Form",
    "ReadForm",
    "Whitened",
    "dense_points",
    "other_forms",
    "propose_forms",
    "read_forms",
    "whiten",
]
