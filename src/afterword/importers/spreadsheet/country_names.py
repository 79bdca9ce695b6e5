"""Codes of countries by their German, French, Spanish and English names."""

from __future__ import annotations

from afterword.domain.sanitize import slug
from afterword.formats import validators
from afterword.system.business_days import country_code_by_name, country_error

# The English names are those of the holidays package (afterword.system.business_days).
_NAMES = {
    "AR": "Argentinien, Argentine",
    "AT": "Österreich, Autriche",
    "AU": "Australien, Australie",
    "BE": "Belgien, Belgique, Bélgica",
    "BR": "Brasilien, Brésil, Brasil",
    "CA": "Kanada, Canadá",
    "CH": "Schweiz, Suisse, Suiza, Svizzera",
    "CL": "Chili",
    "CZ": "Tschechien, Czech Republic, Tchéquie, Chequia",
    "DE": "Deutschland, Allemagne, Alemania",
    "DK": "Dänemark, Danemark, Dinamarca",
    "ES": "Spanien, Espagne, España",
    "FI": "Finnland, Finlande, Finlandia",
    "FR": "Frankreich, Francia",
    "GB": "UK, Great Britain, Großbritannien, Vereinigtes Königreich, Royaume-Uni, Reino Unido",
    "IE": "Irland, Irlande, Irlanda",
    "IN": "Indien, Inde",
    "IT": "Italien, Italie, Italia",
    "LU": "Luxemburg, Luxemburgo",
    "MX": "Mexiko, Mexique, México",
    "NL": "Holland, Niederlande, Pays-Bas, Países Bajos",
    "NO": "Norwegen, Norvège, Noruega",
    "NZ": "Neuseeland, Nouvelle-Zélande, Nueva Zelanda",
    "PL": "Polen, Pologne, Polonia",
    "SE": "Schweden, Suède, Suecia",
    "US": "USA, United States of America, Vereinigte Staaten, États-Unis, Estados Unidos",
    "ZA": "Südafrika, Afrique du Sud, Sudáfrica",
}
_CODES = {slug(name): code for code, names in _NAMES.items() for name in names.split(",")}


def country_code(text: str) -> str:
    """Return the code of a country given by its code or name. Raises InvalidValueError."""
    if country_error(text) is None:
        return text
    return validators.validate_country(_CODES.get(slug(text)) or country_code_by_name(text) or text)
