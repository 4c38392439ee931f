"""genericissuetracker as an agency would run it, in one file.

Nothing of genericissuetracker is changed, wrapped or configured away from its defaults: this file holds the settings that
every Django project must bring, the accounts of a small agency, and a server on the loopback address. All people here are
invented.

    python aplikasi.py siapkan       create the database, labels and accounts; write DIR/rahasia.env
    python aplikasi.py layani PORT   serve on 127.0.0.1:PORT (0: the system chooses); write DIR/port

DIR is the environment variable LAIK_DIREKTORI.
"""

import os
import secrets
import sys
from pathlib import Path

from django.conf import settings

DIRECTORY = Path(os.environ["LAIK_DIREKTORI"]).resolve()

# The agency's categories; genericissuetracker calls them labels.
LABELS = [
    ("infra", "Infrastruktur"),
    ("duk", "Kependudukan"),
    ("kes", "Kesehatan"),
    ("didik", "Pendidikan"),
    ("umum", "Layanan Umum"),
]

# (variable, user name, superuser, staff). genericissuetracker itself knows no roles: whoever has a token is a user.
ACCOUNTS = [
    ("ADMIN", "admin", True, True),
    ("PETUGAS", "petugas", False, True),
    ("PETUGAS_LAIN", "petugas_lain", False, True),
    ("WARGA_A", "warga_a", False, False),
    ("WARGA_B", "warga_b", False, False),
]


def configure():
    """Settings of a plain Django project with genericissuetracker, as its own manual gives them."""
    settings.configure(
        BASE_DIR=DIRECTORY,
        SECRET_KEY=secrets.token_urlsafe(50),  # Tokens do not depend on it.
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "rest_framework.authtoken",
            "drf_spectacular",
            "genericissuetracker",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": DIRECTORY / "db.sqlite3",
                # Writers wait for each other instead of failing: what Django's manual advises for SQLite.
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            }
        },
        USE_TZ=True,
        TIME_ZONE="Asia/Jakarta",
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        MEDIA_ROOT=DIRECTORY / "media",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
            "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        },
    )


configure()

import django  # noqa: E402  (the settings must stand first)

django.setup()

from django.urls import include, path, re_path  # noqa: E402
from django.views.static import serve as static  # noqa: E402
from drf_spectacular.views import SpectacularAPIView  # noqa: E402

urlpatterns = [
    path("api/", include("genericissuetracker.urls.root")),
    path("schema/", SpectacularAPIView.as_view()),
    # Stands for the web server in front of Django, which gives out MEDIA_URL: genericissuetracker links to files there and
    # has no view of its own for them.
    re_path(r"^media/(?P<path>.*)$", static, {"document_root": settings.MEDIA_ROOT}),
]


def prepare():
    """Creates what is missing, so that a second start with the same directory keeps its data and tokens."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from genericissuetracker.models import Label
    from rest_framework.authtoken.models import Token

    call_command("migrate", verbosity=0)
    for slug, name in LABELS:
        Label.objects.get_or_create(slug=slug, defaults={"name": name})
    users = get_user_model().objects
    lines = []
    for variable, name, superuser, staff in ACCOUNTS:
        user = users.filter(username=name).first()
        if user is None:
            user = users.create_user(name, f"{name}@pelacak.test", is_superuser=superuser, is_staff=staff)
        lines.append(f"LAIK_TOKEN_{variable}={Token.objects.get_or_create(user=user)[0].key}")
        lines.append(f"LAIK_ID_{variable}={user.pk}")
    file = DIRECTORY / "rahasia.env"
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n")


def serve(port):
    """Django's own threaded server; the port that the system gave stands in DIR/port once it listens."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Server(ThreadedWSGIServer):
        request_queue_size = 128  # Twenty clients at one moment must meet the application, not a full backlog.

    server = Server(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    (DIRECTORY / "port").write_text(f"{server.server_port}\n")
    server.serve_forever()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["siapkan"]:
            prepare()
        case ["layani", port]:
            serve(int(port))
        case _:
            sys.exit(__doc__)
