"""An invited person, and a password that is good enough."""

GOOD = "con mèo nhỏ leo cây cau"
FORM = {"name": "Trần Thị Mới", "password": GOOD, "again": GOOD}
ADDRESS = "moi@coquan.example"
