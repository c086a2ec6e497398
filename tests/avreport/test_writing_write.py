"""The message as XML: every element in the case and the order of the form, nothing made up."""

from lxml import etree

from quetsach.avreport.writing import unsigned
from tests.avreport.messages import MESSAGE

NS = {"e": "http://www.mic.gov.vn/TBT/QCVN_102_2016"}


def test_message_is_written_letter_for_letter() -> None:
    assert (
        unsigned(MESSAGE).decode()
        == """<?xml version='1.0' encoding='UTF-8'?>
<edXMLEnvelope xmlns:edXML="http://www.mic.gov.vn/TBT/QCVN_102_2016">
  <edXML:edXMLHeader>
    <edXML:MessageHeader>
      <edXML:From>
        <edXML:OrganId>000.00.00.H84</edXML:OrganId>
        <edXML:OrganName>Sở Khoa học và Công nghệ &lt;&amp;&gt;</edXML:OrganName>
        <edXML:OrganAdd></edXML:OrganAdd>
        <edXML:Email></edXML:Email>
        <edXML:Telephone></edXML:Telephone>
        <edXML:Fax></edXML:Fax>
        <edXML:Website></edXML:Website>
      </edXML:From>
      <edXML:Subject>Kết nối độc hại</edXML:Subject>
    </edXML:MessageHeader>
  </edXML:edXMLHeader>
  <edXML:edXMLBody>
    <AVReport name="quetsach">
      <Datetime>1662940800</Datetime>
      <Malware>
        <Machine ip="10.20.3.41" name="PC-KETOAN">
          <MalwareInfo>
            <MalwareName>Qakbot</MalwareName>
          </MalwareInfo>
        </Machine>
      </Malware>
      <Connection>
        <Machine ip="10.20.3.41" name="PC-KETOAN">
          <ConnectionInfo>
            <TargetIP>203.0.113.77</TargetIP>
          </ConnectionInfo>
        </Machine>
        <Machine ip="10.20.3.42">
          <ConnectionInfo>
            <Md5>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</Md5>
            <TargetIP>198.51.100.7</TargetIP>
          </ConnectionInfo>
        </Machine>
      </Connection>
      <Vulnerability/>
      <OS/>
      <Update/>
      <QualityFeature/>
    </AVReport>
  </edXML:edXMLBody>
</edXMLEnvelope>
"""
    )


def test_what_is_not_known_stands_nowhere_as_a_constant() -> None:
    root = etree.fromstring(unsigned(MESSAGE))
    for name in ("Vulnerability", "OS", "Update", "QualityFeature"):
        (element,) = root.findall(f"e:edXMLBody/AVReport/{name}", NS)
        assert (len(element), element.text) == (0, None)
    assert root.find(".//NumberFile") is None
