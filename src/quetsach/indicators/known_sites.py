"""Sites that reports refer to, and services that everybody uses: no list means them as a whole."""

from quetsach.hostnames import suffix_section

# Sites that write of malware, and those of everybody: a bare address of one in a report is where
# to read on. One that is meant is written so that it cannot be clicked.
_SITES = frozenset(
    """
    abuse.ch acronis.com any.run apachefriends.org apple.com appomni.com avast.com avast.io
    bleepingcomputer.com binarydefense.com bitdefender.com censys.io checkpoint.com chromium.org
    cisa.gov cloudflare.com crowdstrike.com cside.dev cve.org cyble.com cybernews.com
    cybervergent.com deepinstinct.com docs.rs dropbox.com emergingthreats.net eset.com
    esetstatic.com exploit-db.com eye.security facebook.com first.org fortinet.com fraunhofer.de
    gendigital.com gist.github.com github.com github.io gitlab.com google.com guard.io
    hexacorn.com hybrid-analysis.com ibm.com infoblox.com infosec.exchange instagram.com isc.org
    joesandbox.com kaspersky.com krebsonsecurity.com linkedin.com
    malpedia.caad.fkie.fraunhofer.de malware-traffic-analysis.net man7.org mandiant.com
    mastodon.social mdsec.co.uk medium.com microsoft.com misp-project.org mitre.org mozilla.org
    netresec.com nist.gov nviso.eu openphish.com paloaltonetworks.com proofpoint.com prodaft.com
    python.org qianxin.com reaqta.com recordedfuture.com redcanary.com reddit.com sans.edu
    securelist.com securityintelligence.com sentinelone.com serverfault.com shodan.io snort.org
    socket.dev sophos.com spamhaus.com spamhaus.org stackoverflow.com suricata-ids.org t.me
    talosintelligence.com threatdown.com ti.360.net trendmicro.com tria.ge twitter.com
    urlscan.io virusbulletin.com virusradar.com virustotal.com vmware.com w3.org web.archive.org
    welivesecurity.com wikipedia.org x.com youtube.com zscaler.com openxmlformats.org purl.org
    xmlsoap.org adobe.com oasis-open.org ietf.org iana.org chongluadao.vn khonggianmang.vn
    tinnhiemmang.vn vncert.vn zalo.me zalo.vn
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
# Malware asks them for its own address; a whole service is no indicator (class what-is-my-ip).
_SERVICES = frozenset(
    """
    api.ipify.org curlmyip.net checkip.amazonaws.com checkip.dyndns.org freegeoip.app
    geoplugin.net icanhazip.com ident.me ifconfig.me ip-api.com ipecho.net ipify.org ipinfo.io
    myexternalip.com reallyfreegeoip.org whatismyip.com wtfismyip.com
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)
_EVERYBODYS = frozenset(
    """
    amazon.com amazonaws.com bing.com discord.com drive.google.com dropboxusercontent.com
    gmail.com firebasestorage.googleapis.com storage.googleapis.com googleapis.com gstatic.com
    icloud.com live.com microsoftonline.com office.com outlook.com paypal.com qq.com
    steamcommunity.com telegram.org tiktok.com whatsapp.com windowsupdate.com yahoo.com
    yandex.ru raw.githubusercontent.com githubusercontent.com youtu.be api.telegram.org
    example.com example.net example.org openssl.org baidu.com mega.nz
    """.split()  # noqa: SIM905 - so many quoted words are not read better
)


def is_source(host: str) -> bool:
    """Return whether `host` is where people read on: news, laboratories, the authority's pages."""
    return lies_under(host, _SITES | _SERVICES)


def is_for_everybody(host: str) -> bool:
    """Return whether `host` lies under a service that nearly every office uses."""
    return lies_under(host, _EVERYBODYS)


def is_address_service(host: str) -> bool:
    """Return whether `host` tells everybody who asks his own address."""
    return lies_under(host, _SERVICES)


def is_whole_service(host: str) -> bool:
    """Return whether `host` belongs to the owner of a well-known site, and not to a customer."""
    name = host
    while name:
        if name in _SITES or name in _EVERYBODYS:
            return True
        # `somebody.github.io` is somebody's; `storage.googleapis.com` is Google's.
        name = name.partition(".")[2]
        if suffix_section(name):
            return False
    return False


def lies_under(host: str, sites: frozenset[str]) -> bool:
    """Return whether `host` is one of `sites`, or a name below one."""
    name = host
    while name:
        if name in sites:
            return True
        name = name.partition(".")[2]
    return False
