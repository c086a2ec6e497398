"""A campaign in preparation tried out in a scratch home of its own, which is thrown away as one."""
