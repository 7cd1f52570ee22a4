using CsCheck;
using EnterprisePortal.ServiceDefaults.Requests;

namespace EnterprisePortal.Tests.Hostile;

public class LocalAddressTests
{
    [Theory]
    [InlineData("/accounts?q=Zoë", "/accounts?q=Zo%C3%AB"),
     InlineData("/é#ü", "/%C3%A9#%C3%BC"),
     InlineData("/a/../b?x=/..//c", "/b?x=/..//c"),
     InlineData("/accounts?q=a%0D%0AX-Y:%20z", "/accounts?q=a%0D%0AX-Y:%20z")]
    public void People_are_taken_to_pages_of_any_language(string given, string written) => Assert.Equal(written, LocalAddress.Read(given));

    [Theory]
    [InlineData(null),
     InlineData(""),
     InlineData("accounts"),
     InlineData("//evil.example"),
     InlineData("/\\evil.example"),
     InlineData("/\t/evil.example"),
     InlineData("/x/..//evil.example"),
     InlineData("/%2e%2e//evil.example"),
     InlineData("https://evil.example/"), InlineData("javascript:alert(1)"), InlineData("/accounts\r\nSet-Cookie: a=b")]
    public void Nobody_is_taken_elsewhere(string? given) => Assert.Null(LocalAddress.Read(given));

    [Fact]
    public void Whatever_is_given_a_header_can_carry_it_and_it_stays_here() =>
        Gen.OneOf(Gen.String, Gen.OneOf("/", "\\", ".", "..", "?", "#", "%", "@", ":", "é", "evil.example", "%2f", "%5c", "\u202E", "😀")
            .Array[0, 8].Select(string.Concat)).Sample(text =>
            LocalAddress.Read($"/{text}") is not { } written
            || written.All(letter => letter is > ' ' and < '\u007f') && !written.StartsWith("//", StringComparison.Ordinal)
            && !written.Contains('\\')
            && new Uri(new Uri("https://portal.example"), written).Host == "portal.example", iter: 20_000);
}
