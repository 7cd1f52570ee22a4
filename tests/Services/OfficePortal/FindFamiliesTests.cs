using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

public class FindFamiliesTests(WebOffice office) : IClassFixture<WebOffice>
{
    /// <summary>
    /// Whom the portal finds by these words, the account's own page finds too: the key beside a result opens it with them.
    /// </summary>
    [Theory]
    [InlineData("Scarlett", "OʼHarawell", "o'harawell", "OHarawell", "harawell", "o harawell", "scarlett o’harawell")]
    [InlineData("Kaʻiulani", "Kealiʻiwahine", "kaiulani", "ka'iulani kealiiwahine")]
    [InlineData("Łukasz", "Øverli", "lukasz overli")]
    [InlineData("Pic\u200Bardo", "Straße", "picardo strasse")]
    [InlineData("小明", "王", "王小明", "小明王", "王")]
    [InlineData("민수", "김", "김민수", "김")]
    public async Task Staff_find_a_family_by_what_the_portal_finds_it_by(string first, string last, params string[] searches)
    {
        var family = await office.Ask<long>($"select family from guardian where account = '{Austin}' order by family desc limit 1");
        await office.Sql(
            $"update guardian set first_name = '{first}', last_name = '{last}' where account = '{Austin}' and family = {family}");
        var (owner, link) = (await office.SignedIn(Austin, "owner"), $"/{Austin}/families/{family}\"");

        foreach (var typed in searches)
            Assert.Contains(link, await Searched(typed));
        Assert.DoesNotContain(link, await Searched("zzyzx"));
        Assert.Contains("at least two letters", await Searched("a"));

        async Task<string> Searched(string name) => await owner.GetStringAsync($"/{Austin}/families?name={Uri.EscapeDataString(name)}");
    }
}
