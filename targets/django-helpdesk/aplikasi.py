"""django-helpdesk as an agency would run it, in one file.

Nothing of django-helpdesk is changed or wrapped: this file holds the settings that every Django project must
bring, the accounts of a small agency, and a server on the loopback address. All people here are invented.

    python aplikasi.py siapkan       create the database, queues and accounts; write DIR/rahasia.env
    python aplikasi.py layani PORT   serve on 127.0.0.1:PORT (0: the system chooses); write DIR/port

DIR is the environment variable LAIK_DIREKTORI.
"""

import os
import secrets
import sys
from pathlib import Path

from django.conf import settings

DIRECTORY = Path(os.environ["LAIK_DIREKTORI"]).resolve()

# What a visitor of the public form can choose; the agency's categories.
QUEUES = [
    ("infra", "Infrastruktur"),
    ("duk", "Kependudukan"),
    ("kes", "Kesehatan"),
    ("didik", "Pendidikan"),
    ("umum", "Layanan Umum"),
]

# Tickets that the agency closed before: the application is not new, and it links `#12` in a text to ticket 12.
EARLIER = 60

# (variable, user name, superuser, staff). Staff work through the API with a token; citizens log in to the pages with a
# password, and are tied to their tickets by their e-mail address alone.
ACCOUNTS = [
    ("ADMIN", "admin", True, True),
    ("PETUGAS", "petugas", False, True),
    ("PETUGAS_LAIN", "petugas_lain", False, True),
    ("WARGA_A", "warga_a", False, False),
    ("WARGA_B", "warga_b", False, False),
]


def configure():
    """Settings of a plain Django project with django-helpdesk, as its own manual gives them."""
    settings.configure(
        BASE_DIR=DIRECTORY,
        SECRET_KEY=secrets.token_urlsafe(50),  # Sessions end with the process; API tokens do not depend on it.
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            *(
                f"django.contrib.{app}"
                for app in "admin auth contenttypes sessions messages staticfiles sites humanize".split()
            ),
            "rest_framework",
            "rest_framework.authtoken",
            "helpdesk",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": DIRECTORY / "db.sqlite3",
                # Writers wait for each other instead of failing: what Django's manual advises for SQLite.
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            }
        },
        SITE_ID=1,
        USE_TZ=True,
        TIME_ZONE="Asia/Jakarta",
        LOGIN_URL="helpdesk:login",
        LOGIN_REDIRECT_URL="helpdesk:home",
        STATIC_URL="/static/",
        MEDIA_URL="/media/",
        MEDIA_ROOT=DIRECTORY / "media",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [
                "rest_framework.authentication.TokenAuthentication",
                "rest_framework.authentication.SessionAuthentication",
            ]
        },
    )


configure()

import django  # noqa: E402  (the settings must stand first)

django.setup()

from django.urls import include, path  # noqa: E402

urlpatterns = [path("helpdesk/", include("helpdesk.urls", namespace="helpdesk"))]


def prepare():
    """Creates what is missing, so that a second start with the same directory keeps its data and tokens."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from helpdesk.models import Queue
    from rest_framework.authtoken.models import Token

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate", verbosity=0)
    for slug, title in QUEUES:
        Queue.objects.get_or_create(slug=slug, defaults={"title": title, "allow_public_submission": True})
    users = get_user_model().objects
    lines = []
    for variable, name, superuser, staff in ACCOUNTS:
        user = users.filter(username=name).first()
        if user is None:
            user = users.create_user(name, f"{name}@helpdesk.test", is_superuser=superuser, is_staff=staff)
        if staff:
            lines.append(f"LAIK_TOKEN_{variable}={Token.objects.get_or_create(user=user)[0].key}")
        else:
            password = secrets.token_urlsafe(18)
            user.set_password(password)
            user.save()
            lines.append(f"LAIK_SANDI_{variable}={password}")
        lines.append(f"LAIK_ID_{variable}={user.pk}")
    earlier(users.get(username="admin"))
    file = DIRECTORY / "rahasia.env"
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n")


def earlier(admin):
    """The tickets of before, with the follow-ups that the application itself would have written."""
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    if Ticket.objects.exists():
        return
    queues = list(Queue.objects.order_by("pk"))
    for number in range(EARLIER):
        ticket = Ticket.objects.create(
            title=f"Pengaduan lama nomor {number + 1}",
            queue=queues[number % len(queues)],
            submitter_email="warga_lama@helpdesk.test",
            description="Isi buatan.",
            status=Ticket.CLOSED_STATUS,
        )
        for title, user, status in [("Ticket Opened Via Web", None, None), ("Closed", admin, Ticket.CLOSED_STATUS)]:
            FollowUp.objects.create(
                ticket=ticket, title=title, user=user, new_status=status, comment="Isi buatan.", public=True, date=timezone.now()
            )


def serve(port):
    """Django's own threaded server; the port that the system gave stands in DIR/port once it listens."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    class Server(ThreadedWSGIServer):
        request_queue_size = 128  # Twenty clients at one moment must meet the application, not a full backlog.

    server = Server(("127.0.0.1", port), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
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
