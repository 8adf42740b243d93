"""The first line of the catalogue's staff views: fetch the matter and ask whether this person keeps it."""

import uuid

from django.http import Http404, HttpRequest

from identity.models import User
from matters import editors
from matters.models import Matter


def keeper(request: HttpRequest) -> User:
    """The officer asking; the access table lets nobody else come here."""
    assert isinstance(request.user, User)
    return request.user


def get_matter(request: HttpRequest, uid: uuid.UUID, *roles: str) -> Matter:
    """A matter that this person keeps; another department's and one that is not there give the same 404."""
    matter = editors.matters_for(keeper(request), *roles).filter(uid=uid).first()
    if matter is None:
        raise Http404("没有找到这个事项，或者它的指南不由您的部门维护。")
    return matter
