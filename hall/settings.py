"""Settings of one side of the hall, all from the environment. ``docs/SETTINGS.md`` explains each variable."""

import os
from pathlib import Path

import bootstrap_wrapper
import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from hall import environment, site_secrets, sponsor

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = os.environ

# --- which side, and where its things are
HALL_SIDE = environment.choice(ENV, "HALL_SIDE", environment.SIDES)
IS_OUTER = HALL_SIDE == "outer"
HALL_DATA_DIR = site_secrets.data_dir(ENV)
HALL_NAME = ENV.get("HALL_NAME", "一站 · 政务服务大厅")
HALL_NAME_EN = ENV.get("HALL_NAME_EN", "Yizhan · Government Service Hall")
# Where the public portal is reached: printed in documents and QR codes, on both sides.
HALL_OUTER_URL = environment.url_base(ENV, "HALL_OUTER_URL", "http://127.0.0.1:8000")
DEBUG = environment.flag(ENV, "HALL_DEBUG", default=False)
# The demo shows its accounts on the login page and 演示章 on every document.
HALL_DEMO = environment.flag(ENV, "HALL_DEMO", default=False)
HALL_SPONSOR = sponsor.read(ENV, HALL_DEMO)
# Whom a decision names for review and suit (行政复议法 20, 24; 行政诉讼法 46).
HALL_REVIEW_ORGAN = ENV.get("HALL_REVIEW_ORGAN", "云川市人民政府" if HALL_DEMO else "本级人民政府")
HALL_COURT = ENV.get("HALL_COURT", "云川市人民法院" if HALL_DEMO else "有管辖权的人民法院")
# Working days to answer a bad mark (好差评), and for one that is put on the ledger; the cities differ.
HALL_RATING_DAYS = environment.integer(ENV, "HALL_RATING_DAYS", 5, low=1, high=60)
HALL_RATING_HARD_DAYS = environment.integer(ENV, "HALL_RATING_HARD_DAYS", 15, low=1, high=120)
SECRET_KEY = site_secrets.read(ENV, HALL_DATA_DIR, "secret_key")
HALL_FIELD_KEY = site_secrets.read(ENV, HALL_DATA_DIR, "field_key")
ALLOWED_HOSTS = environment.words(ENV, "HALL_ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = environment.words(ENV, "HALL_TRUSTED_ORIGINS")
HALL_HTTPS = environment.flag(ENV, "HALL_HTTPS", default=False)

INSTALLED_APPS = [
    "hall.apps.HallConfig",
    "applications.apps.ApplicationsConfig",
    "matters.apps.MattersConfig",
    "identity.apps.IdentityConfig",
    "sync.apps.SyncConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_fsm",
    "django_q",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "django_bootstrap5",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "hall.apps.HallStaticFilesConfig",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "hall.page_cache.PageCacheMiddleware",  # first: a kept page passes none of the others
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hall.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hall.plain_addresses.PlainAddressMiddleware",  # its page of refusal shows who is logged in
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hall.access.AccessMiddleware",
]

ROOT_URLCONF = f"hall.urls_{HALL_SIDE}"
PORTAL_URLCONF = "hall.urls_outer"  # what the public can reach, for checking addresses in guides on either side
WSGI_APPLICATION = "hall.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "hall.context.site",
            ],
        },
    },
]
# Widgets are rendered with our own templates where we have them.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- database
DATABASE_URL = ENV.get("DATABASE_URL") or f"sqlite:///{HALL_DATA_DIR / 'hall.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Lets sync/statements.py prepare what it sends; Django's own statements stay as they are.
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 1
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # FULL: what was committed survives a power cut (docs/decisions/0041).
    # IMMEDIATE takes the write lock at BEGIN: a reader that turns writer can otherwise fail at once with "locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all web processes of a site: lock-out counters and rate limits must not be per process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hall_cache",
        # The default of 300 would let anybody push other people's lock-outs out of the table.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# How the published catalogue may be used: on the page of open data and in its files.
HALL_OPEN_DATA_LICENCE = ENV.get(
    "HALL_OPEN_DATA_LICENCE",
    "这些是依法主动公开的政府信息，可以免费取得、使用和传播；使用时请注明来源和生成日期，不得改变原意。",
)

# --- people
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["identity.backends.SideBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "identity.passwords.ThreeOfFourClasses"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "hall:after-login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "identity.adapters.HallAccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "hall:home"
ACCOUNT_FORMS = {
    "login": "identity.account_forms.LoginForm",
    "signup": "identity.account_forms.SignupForm",
    "change_password": "identity.account_forms.ChangePasswordForm",
    "reauthenticate": "identity.account_forms.ReauthenticateForm",
}
ACCOUNT_USERNAME_MIN_LENGTH = 4
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser; SESSION_COOKIE_AGE is the idle time on the server
# Wrong passwords: 5 for one account, 50 from one address, in 30 minutes.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/30m/key,50/30m/ip"}
# How many proxies stand before the hall: without it, everybody behind a proxy would share one address's limits.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.integer(ENV, "HALL_TRUSTED_PROXIES", 0, low=0, high=9)
MFA_ADAPTER = "identity.adapters.HallMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SESSION_COOKIE_AGE = environment.integer(ENV, "HALL_IDLE_MINUTES", 30 if IS_OUTER else 15, low=1, high=24 * 60) * 60
SESSION_SAVE_EVERY_REQUEST = True  # the age counts idle time, not time since login
SESSION_COOKIE_NAME = f"hall_{HALL_SIDE}_session"
CSRF_COOKIE_NAME = f"hall_{HALL_SIDE}_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HALL_HTTPS
SECURE_SSL_REDIRECT = HALL_HTTPS
SECURE_HSTS_SECONDS = 31536000 if HALL_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HALL_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HALL_HTTPS else None
CSRF_FAILURE_VIEW = "hall.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"  # materials are shown in a frame of the case page
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# --- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "hall" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# --- files
STATIC_URL = "/static/"
STATIC_ROOT = HALL_DATA_DIR / "static"
STATICFILES_DIRS = [("bootstrap", Path(bootstrap_wrapper.__file__).parent.parent / "bootstrap")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HALL_DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Source maps are read by developers' tools only.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A guide with forty materials and a long form is a page of some three thousand inputs.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000 if IS_OUTER else 20_000
HALL_MAX_UPLOAD_MB = environment.integer(ENV, "HALL_MAX_UPLOAD_MB", 20, low=1, high=2000)
# Public pages that each web process keeps in memory for anonymous visitors.
HALL_PAGE_CACHE_MB = environment.integer(ENV, "HALL_PAGE_CACHE_MB", 32, low=0, high=4096)
HALL_GUIDE_CHECK_DAYS = environment.integer(ENV, "HALL_GUIDE_CHECK_DAYS", 183, low=1, high=3660)
HALL_CHECK_LINKS = environment.flag(ENV, "HALL_CHECK_LINKS", default=False)
HALL_MAX_CASE_MB = environment.integer(ENV, "HALL_MAX_CASE_MB", 500, low=1, high=20000)

# --- background work: the database is the broker, so a site needs nothing else running
Q_CLUSTER = {
    "name": f"hall-{HALL_SIDE}",
    "orm": "default",
    "workers": environment.integer(ENV, "HALL_WORKERS", 1, low=1, high=64),
    "timeout": 120,
    "retry": 300,  # must exceed the timeout, or a slow job is run twice at once
    "max_attempts": 3,
    "poll": 1,
    "queue_limit": 20,
    "bulk": 1,
    "catch_up": False,
    "label": "后台任务",
    "sync": environment.flag(ENV, "HALL_TASKS_INLINE", default=False),
}

# --- programming interface
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "identity.api_auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "hall.api.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "hall.api.problem_response",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "一站 Yizhan",
    "DESCRIPTION": "一站式政务服务大厅的开放接口：public 公众，applicant 申请人，staff 工作人员。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "ApplicationState": "applications.states.State",
        "DocumentState": "applications.models.document.DocumentState",
        "LicenceState": "applications.models.licence.LicenceState",
        "BarGround": "applications.models.bar.BarGround",
        "ApplicantKind": "applications.models.application.ApplicantKind",
        "ShownDocument": "applications.models.counter.ShownDocument",
    },
}

# --- telling applicants: mail through SMTP, SMS through an adapter of the site's provider (applications/talking/gateways.py)
HALL_OUTBOX_DIR = environment.folder(ENV, "HALL_OUTBOX_DIR", HALL_DATA_DIR / "outbox")
HALL_SMS_GATEWAY = ENV.get("HALL_SMS_GATEWAY", "applications.talking.gateways.FileGateway" if HALL_DEMO else "")
EMAIL_HOST = ENV.get("HALL_EMAIL_HOST", "")
EMAIL_PORT = environment.integer(ENV, "HALL_EMAIL_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = ENV.get("HALL_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = ENV.get("HALL_EMAIL_PASSWORD", "")
_EMAIL_SECURITY = environment.choice(ENV, "HALL_EMAIL_SECURITY", ("starttls", "ssl", "none"), "starttls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _EMAIL_SECURITY == "starttls", _EMAIL_SECURITY == "ssl"
EMAIL_TIMEOUT = 20  # seconds; shorter than the lease of applications/talking/sending.py
EMAIL_FILE_PATH = str(HALL_OUTBOX_DIR)
DEFAULT_FROM_EMAIL = ENV.get("HALL_EMAIL_FROM", "hall@localhost")
EMAIL_BACKEND = (
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased' if HALL_DEMO else 'dummy'}.EmailBackend"
)

# --- the gap between the two networks (docs/decisions/0001, sync/)
HALL_PEER_SIDE = "inner" if IS_OUTER else "outer"
HALL_SUITE = environment.choice(ENV, "HALL_SUITE", ("intl", "gm", "clear"), "intl")
HALL_BATCH_DIR = environment.folder(ENV, "HALL_BATCH_DIR", HALL_DATA_DIR / "batches")
HALL_BATCH_VOLUME_MB = environment.integer(ENV, "HALL_BATCH_VOLUME_MB", 64, low=16, high=3900)
HALL_MARK_FILE = ENV.get("HALL_MARK_FILE", "")  # empty: marks.log in HALL_DATA_DIR
HALL_SYNC_IN_DIR = environment.optional_folder(ENV, "HALL_SYNC_IN_DIR")
HALL_SYNC_OUT_DIR = environment.optional_folder(ENV, "HALL_SYNC_OUT_DIR")
HALL_SYNC_PUSH_URL = environment.url_base(ENV, "HALL_SYNC_PUSH_URL", "http://") if ENV.get("HALL_SYNC_PUSH_URL") else ""
HALL_SYNC_PUSH_ACCEPT = environment.flag(ENV, "HALL_SYNC_PUSH_ACCEPT", default=False)
HALL_SYNC_PUSH_MAX_MB = environment.integer(
    ENV, "HALL_SYNC_PUSH_MAX_MB", 68, low=1, high=4096
)  # a volume and its manifests
HALL_SYNC_PUSH_SECONDS = environment.integer(ENV, "HALL_SYNC_PUSH_SECONDS", 60, low=1, high=3600)
HALL_SYNC_PUSH_CA = ENV.get("HALL_SYNC_PUSH_CA", "")
HALL_SYNC_PUSH_CERT = ENV.get("HALL_SYNC_PUSH_CERT", "")
HALL_SYNC_PUSH_KEY = ENV.get("HALL_SYNC_PUSH_KEY", "")
HALL_SYNC_HEARTBEAT_MINUTES = environment.integer(ENV, "HALL_SYNC_HEARTBEAT_MINUTES", 10, low=1, high=1440)
HALL_SYNC_SILENCE_MINUTES = environment.integer(ENV, "HALL_SYNC_SILENCE_MINUTES", 60, low=1, high=43200)
HALL_SYNC_REPEAT = environment.integer(ENV, "HALL_SYNC_REPEAT", 0, low=0, high=1000)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV.get("HALL_LOG_LEVEL", "WARNING")},
    "loggers": {"django-q": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # X_FRAME_OPTIONS: see there
