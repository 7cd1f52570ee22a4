using EnterprisePortal.Search.PhoneSearch;

namespace EnterprisePortal.Tests.Search;

public class ReadCallerTests
{
    [Theory]
    [InlineData("+15125550142")]
    [InlineData("+1 (512) 555-0142")]
    [InlineData("%2B15125550142")]
    [InlineData("%2b1%20512%20555%200142")]
    [InlineData("1-512-555-0142")]
    [InlineData("5125550142")]
    [InlineData("512.555.0142")]
    [InlineData("(512) 555‑0142/")]
    [InlineData("512/555/0142")]
    [InlineData("0015125550142")]
    [InlineData("01115125550142")]
    [InlineData("tel:+1-512-555-0142")]
    [InlineData("tel:+1-512-555-0142;ext=7")]
    [InlineData("512-555-0142 ext. 12")]
    [InlineData("512-555-0142x12")]
    [InlineData("５１２５５５０１４２")]
    [InlineData("＋１５１２５５５０１４２")]
    [InlineData("٥١٢٥٥٥٠١٤٢")]
    [InlineData("sip:+15125550142@pbx.example;user=phone")]
    [InlineData("\"SMITH MARY\" <sip:5125550142@10.0.0.7>;tag=a1")]
    [InlineData("\"SMITH MARY\" 5125550142")]
    [InlineData("(+1) 512 555 0142")]
    public void A_number_is_read_however_it_is_written(string written)
    {
        Assert.Equal("+15125550142", ReadCaller.E164(ReadCaller.Cleaned(written)!, "US"));
    }

    [Theory]
    [InlineData("030 / 90 18 20", "DE", "+4930901820")]
    [InlineData("0049 (0)30 901820", "DE", "+4930901820")]
    [InlineData("+49 (0)30 901820", "US", "+4930901820")]
    [InlineData("0049 30 901820", "US", "+4930901820")]
    [InlineData("020 7946 0958", "GB", "+442079460958")]
    [InlineData("06 1234 5678", "IT", "+390612345678")]
    [InlineData("+44 20 7946 0958", "DE", "+442079460958")]
    public void The_accounts_country_reads_the_number(string written, string country, string e164)
    {
        Assert.Equal(e164, ReadCaller.E164(ReadCaller.Cleaned(written)!, country));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("anonymous")]
    [InlineData("Unknown")]
    [InlineData("restricted@pbx.example")]
    [InlineData("sip:anonymous@anonymous.invalid")]
    [InlineData("1-800-FLOWERS")]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("0142")]
    [InlineData("555-0142")]
    [InlineData("512555014")]
    [InlineData("5125550142512555014251255501425125550142")]
    [InlineData("++15125550142")]
    public void Anything_else_is_no_number(string written)
    {
        Assert.Null(ReadCaller.Cleaned(written) is { } cleaned ? ReadCaller.E164(cleaned, "US") : null);
    }
}
