from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id of 19 MiB, two passes, one lane.

    Django's default of 100 MiB and eight lanes lets 32 sign-ins at once take 2 GiB and five seconds.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
