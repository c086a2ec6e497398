"""What the classes of allow-lists are called, for people."""

from collections.abc import Mapping

from quetsach.errors.catalogue import N_

CLASS_TEXTS: Mapping[str, str] = {
    "sinkhole": N_("sinkholes run by researchers or authorities"),
    "resolver": N_("public resolvers"),
    "dynamic-dns": N_("dynamic DNS services"),
    "parking": N_("parked names"),
    "benign-file": N_("files known to be harmless"),
    "certificate": N_("services and certificates of certification authorities"),
    "vpn": N_("VPN providers and data centres"),
    "scanner": N_("scanners of the whole Internet"),
    "crawler": N_("crawlers of search engines"),
    "mail-server": N_("mail servers of large providers"),
    "block-page": N_("block pages shown in place of blocked sites"),
    "security-vendor": N_("security companies"),
    "shared-platform": N_("platforms on which anybody can publish"),
    "bank": N_("banks"),
    "company": N_("large organisations"),
    "health-site": N_("sites about an epidemic"),
    "captive-portal": N_("sites by which systems test their connection"),
    "public-suffix": N_("suffixes under which anybody can register names"),
    "cdn": N_("content delivery networks"),
    "cloud": N_("cloud services"),
    "top-million": N_("sites among the million most visited"),
    "top-sites": N_("frequently visited sites"),
    "url-shortener": N_("URL shorteners"),
    "own-address-service": N_("services that report the caller's own address"),
    "private-range": N_("ranges set aside by standards"),
    "university": N_("universities"),
    "vendor": N_("makers of operating systems"),
    "mail-address": N_("mail addresses and their providers"),
    "phone-number": N_("telephone numbers"),
    "watch-only": N_("to be watched only, by decision"),
    "exam": N_("marks of an exam that your own office made, and no malware"),
}
"""Every class that the lists of MISP give, and `watch-only`, in words for people."""
