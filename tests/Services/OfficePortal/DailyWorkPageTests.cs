using System.Net;
using System.Text.RegularExpressions;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>What staff need at the front desk: a family found by its name, long lists in pages, a kiosk for families only.</summary>
public partial class DailyWorkPageTests(WebOffice office) : IClassFixture<WebOffice>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_is_sold_to_a_family_that_was_found_by_its_name()
    {
        var manager = await office.SignedIn(Denver, "manager");
        var (id, name) = (await office.Ask<long>($"select min(id) from family where account = '{Denver}'"),
            await office.Ask<string>($"select name from family where account = '{Denver}' order by id limit 1"));

        var found = await Page(manager, $"point-of-sale?name={Uri.EscapeDataString(name.ToLowerInvariant())}");
        Assert.Contains($"href=\"/{Denver}/point-of-sale?family={id}\"", found);
        Assert.DoesNotContain("name=\"amount\"", found);

        var chosen = await Page(manager, $"point-of-sale?family={id}");
        Assert.Contains($"<strong>{name}</strong>", chosen);
        Assert.Contains("name=\"amount\"", chosen);
        Assert.Contains("No family's name begins like that.", await Page(manager, "point-of-sale?name=Zzzz"));
    }

    [Fact]
    public async Task Another_accounts_family_and_an_erased_one_are_not_offered_at_the_till()
    {
        var manager = await office.SignedIn(Denver, "manager");
        await office.Sql($"insert into family (account, id, name) values ('{Austin}', 990002, 'Vanished, Victor')");
        await office.Sql($"insert into family (account, id, name, erased_at) values ('{Denver}', 990001, 'Vanished, Vera', now())");

        Assert.DoesNotContain("name=\"amount\"", await Page(manager, "point-of-sale?family=990002"));
        Assert.DoesNotContain("name=\"amount\"", await Page(manager, "point-of-sale?family=990001"));
        Assert.DoesNotContain("Vanished, V", await Page(manager, "point-of-sale?name=vanished"));
    }

    [Fact]
    public async Task The_contact_list_has_pages_of_a_hundred_and_the_export_has_what_was_found()
    {
        await MoreThanOnePage();
        var manager = await office.SignedIn(Denver, "manager");
        var all = await office.Ask<long>($"""
            select count(*) from email join family on family.account = email.account and family.id = email.family
            where email.account = '{Denver}' and erased_at is null
            """);
        Assert.InRange(all, 101, 1000);

        var first = await Page(manager, "contact-list");
        Assert.Contains($"{all} e-mail addresses of all families", first);
        Assert.Equal(100, Rows().Count(first));
        var last = (all + 99) / 100;
        Assert.Equal((int)(all - 100 * (last - 1)), Rows().Count(await Page(manager, $"contact-list?page={last}")));

        var address = await office.Ask<string>($"""
            select email from email join family on family.account = email.account and family.id = email.family
            where email.account = '{Denver}' and erased_at is null order by email limit 1
            """);
        Assert.Contains(address, await Page(manager, $"contact-list?name={Uri.EscapeDataString(address)}"));
        var export = await Page(manager, $"contact-list.csv?name={Uri.EscapeDataString(address)}");
        Assert.Equal(2, export.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task Students_have_pages_and_none_is_on_two()
    {
        await MoreThanOnePage();
        var manager = await office.SignedIn(Denver, "manager");

        var (first, second) = (await Page(manager, "students"), await Page(manager, "students?page=2"));

        Assert.Equal(100, Rows().Count(first));
        Assert.Contains("rel=\"prev\"", second);
        Assert.Empty(Names(first).Intersect(Names(second)));
    }

    [Fact]
    public async Task The_kiosk_shows_families_no_menu_and_closing_it_signs_out()
    {
        var manager = await office.SignedIn(Denver, "manager");

        var kiosk = await Page(manager, "kiosk");
        Assert.DoesNotContain("<nav", kiosk);
        Assert.DoesNotContain($"href=\"/{Denver}\"", kiosk);
        Assert.Contains("close the kiosk and sign out", kiosk);

        await Submit(manager, $"/{Denver}/kiosk", $"/{Denver}/sign-out", []);
        Assert.Equal(HttpStatusCode.Redirect, (await manager.GetAsync($"/{Denver}/families", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("owner", true)]
    [InlineData("manager", false)]
    public async Task Settings_offer_the_Enterprise_Portal_only_to_whom_it_opens(string staff, bool offered)
    {
        var signedIn = await office.SignedIn(Denver, staff);

        Assert.Equal(offered, (await Page(signedIn, "settings")).Contains("settings/enterprise-portal", StringComparison.Ordinal));
        Assert.Equal(offered ? HttpStatusCode.OK : HttpStatusCode.Forbidden,
            (await signedIn.GetAsync($"/{Denver}/settings/enterprise-portal", Cancel)).StatusCode);
    }

    // The demo world of these tests is small.
    Task MoreThanOnePage() => office.Sql($"""
        insert into family (account, id, name) select '{Denver}', 980000 + n, 'Many, ' || n from generate_series(1, 120) n
          on conflict do nothing;
        insert into email (account, family, email)
          select '{Denver}', 980000 + n, 'many' || n || '@mail.example' from generate_series(1, 120) n on conflict do nothing;
        insert into student (account, id, family, first_name, last_name)
          select '{Denver}', 980000 + n, 980000 + n, 'Stu', 'Many' || n from generate_series(1, 120) n on conflict do nothing;
        """);

    static async Task<string> Page(HttpClient browser, string path) =>
        WebUtility.HtmlDecode(await browser.GetStringAsync($"/{Denver}/{path}", Cancel));

    static IEnumerable<string> Names(string page) => Rows().Matches(page).Select(row => row.Value);

    [GeneratedRegex("<th [^>]*scope=\"row\"[^>]*>.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Rows();
}
