from django import forms

SIZES = [("", "100 %"), ("125", "125 %"), ("150", "150 %"), ("200", "200 %")]
CONTRASTS = [("", "Обычные"), ("bw", "Чёрным по белому"), ("wb", "Белым по чёрному")]
SPACINGS = [("", "Обычные"), ("wide", "Увеличенные")]


class PreferencesForm(forms.Form):
    """«Версия для слабовидящих»: an empty value is the default look."""

    size = forms.ChoiceField(choices=SIZES, required=False)
    contrast = forms.ChoiceField(choices=CONTRASTS, required=False)
    space = forms.ChoiceField(choices=SPACINGS, required=False)
