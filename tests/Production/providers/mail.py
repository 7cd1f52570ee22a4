# The company's mail server: takes mail only over TLS and from its own user, and keeps it as files.
import itertools, os, signal, ssl
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

numbers = itertools.count()


class Keep:
    async def handle_DATA(self, server, session, envelope):
        path = os.path.join(os.environ["MAILS"], f"{next(numbers)}.eml")
        with open(path + ".part", "wb") as mail:
            mail.write(envelope.content)
        os.rename(path + ".part", path)
        return "250 Kept"


def known(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (os.environ["MAIL_USER"].encode(), os.environ["MAIL_PASSWORD"].encode())
    return AuthResult(success=good)


tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(os.environ["CERTIFICATE"])
Controller(Keep(), hostname="0.0.0.0", port=587, tls_context=tls, require_starttls=True, auth_required=True,
           authenticator=known).start()
signal.pause()
