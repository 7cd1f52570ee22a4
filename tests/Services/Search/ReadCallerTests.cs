using EnterprisePortal.Search.PhoneSearch;
using EnterprisePortal.ServiceDefaults.People;

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
        Assert.Equal("+15125550142", PhoneReading.E164(ReadCaller.Cleaned(written)!, "US"));
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
        Assert.Equal(e164, PhoneReading.E164(ReadCaller.Cleaned(written)!, country));
    }

    /// <summary>Each has a reading with as many digits as there may be, which is nobody's number, and one that is somebody's.</summary>
    [Theory]
    [InlineData("0061412345678", "AU", "+61412345678")]
    [InlineData("0061 2 9374 4000", "AU", "+61293744000")]
    [InlineData("00819012345678", "JP", "+819012345678")]
    [InlineData("0081 3 1234 5678", "JP", "+81312345678")]
    [InlineData("002348021234567", "NG", "+2348021234567")]
    [InlineData("005511961234567", "BR", "+5511961234567")]
    [InlineData("0055 21 96123 4567", "BR", "+5521961234567")]
    [InlineData("4915123456789", "DE", "+4915123456789")]
    [InlineData("493090182012", "DE", "+493090182012")]
    [InlineData("004915123456789", "AU", "+4915123456789")]
    [InlineData("0412345678", "AU", "+61412345678")]
    [InlineData("09012345678", "JP", "+819012345678")]
    [InlineData("015123456789", "DE", "+4915123456789")]
    [InlineData("5125550142", "US", "+15125550142")]
    [InlineData("15125550142", "US", "+15125550142")]
    public void A_number_that_somebody_can_have_comes_before_one_that_only_is_as_long(string written, string country, string e164)
    {
        Assert.Equal(e164, PhoneReading.E164(ReadCaller.Cleaned(written)!, country));
    }

    [Theory]
    [InlineData("0000000000")]
    [InlineData("+0000000000")]
    [InlineData("000")]
    [InlineData("1111111111")]
    [InlineData("9999999999")]
    [InlineData("+19999999999")]
    [InlineData("tel:+1-000-000-0000")]
    [InlineData("\"PRIVATE\" <sip:0000000000@pbx.example>")]
    public void One_digit_over_and_over_is_a_number_withheld(string sent)
    {
        Assert.Null(ReadCaller.Cleaned(sent));
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
        Assert.Null(ReadCaller.Cleaned(written) is { } cleaned ? PhoneReading.E164(cleaned, "US") : null);
    }
}
