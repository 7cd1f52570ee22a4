using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Tests.Support;
using Microsoft.AspNetCore.Mvc;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class SearchFamiliesTests(SearchFamiliesTests.TwoEnterprises search) : IClassFixture<SearchFamiliesTests.TwoEnterprises>
{
    public sealed class TwoEnterprises(Servers servers) : IAsyncLifetime
    {
        public SearchService Service { get; } = new(servers);

        public async ValueTask InitializeAsync()
        {
            await Service.InitializeAsync();
            await Service.Indexed("bluedolphin-austin",
                Family("smith", ["Mary Ann Smith", "John Smith"], ["Mary.Smith@Example.com", "john@work.example"],
                    ["+15125550101", "+15125550102"]),
                Family("garcia", ["María José García-Núñez"], ["maria@example.com"], ["+15125550103"]),
                Family("obrien", ["Siobhán O'Brien"], ["so@example.com"], ["+15125550104"]));
            await Service.Indexed("bluedolphin-boston",
                Family("smithers", ["Waylon Smithers"], ["ws@example.com"], ["+16175550102"]),
                Family("strasse", ["Jürgen Straße", "Łukasz Øverli"], ["js@example.com"], ["+4930901820"]),
                Family("marys", ["Mary Marsh", "Mary Martin"], ["mm@example.com"], ["+16175550177"]),
                Family("tanaka", ["健太 田中"], ["kt@example.com"], ["+81312345678"]));
            await Service.Indexed("tumbletime-omaha", Family("other", ["Mary Ann Smith"], ["mary.smith@example.com"], ["+15125550101"]));
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    [Theory]
    [InlineData("name=smith", "smith,smithers")]
    [InlineData("name=SMITH", "smith,smithers")]
    [InlineData("name=mary ann smith", "smith")]
    [InlineData("name=smith, mary", "smith")]
    [InlineData("name=smi an", "smith")]
    [InlineData("name=s mary", "smith")]
    [InlineData("name=ann mary smith", "smith")]
    [InlineData("name=mar mary smith", "smith")]
    [InlineData("name=john mary", "")]
    [InlineData("name=john ann", "")]
    [InlineData("name=ith", "")]
    [InlineData("name=garcia nunez", "garcia")]
    [InlineData("name=GARCÍA", "garcia")]
    [InlineData("name=garci%CC%81a", "garcia")]
    [InlineData("name=jose", "garcia")]
    [InlineData("name=o'brien", "obrien")]
    [InlineData("name=strasse", "strasse")]
    [InlineData("name=straße juergen", "")]
    [InlineData("name=stras jur", "strasse")]
    [InlineData("name=lukasz overli", "strasse")]
    [InlineData("name=mary mar", "marys,smith")]
    [InlineData("name=mary ma", "marys,smith")]
    [InlineData("name=mar m", "garcia,marys,smith")]
    [InlineData("name=田中", "tanaka")]
    [InlineData("name=田", "tanaka")]
    [InlineData("name=田中健太", "tanaka")]
    [InlineData("name=brien", "obrien")]
    [InlineData("name=obrien", "obrien")]
    [InlineData("name=100%25", "")]
    [InlineData("name=smith_", "smith,smithers")]
    [InlineData("email=mary.s", "smith")]
    [InlineData("email=MARIA@", "garcia")]
    [InlineData("email=example.com", "")]
    [InlineData("phone=5550101", "smith")]
    [InlineData("phone=(512) 555-0101", "smith")]
    [InlineData("phone=%2B1 512.555.0101", "smith")]
    [InlineData("phone=0102", "smith,smithers")]
    [InlineData("phone=0102 x7", "smith,smithers")]
    [InlineData("phone=512555", "")]
    [InlineData("phone=001 512 555 0101", "smith")]
    [InlineData("phone=011 1 512 555 0101", "smith")]
    [InlineData("phone=0011 1 512 555 0101", "smith")]
    [InlineData("phone=011 49 30 901820", "strasse")]
    [InlineData("phone=010 81 3 1234 5678", "tanaka")]
    [InlineData("phone=030 / 90 18 20", "strasse")]
    [InlineData("phone=%2B49 (0)30 901820", "strasse")]
    [InlineData("phone=５５５０１０３", "garcia")]
    [InlineData("name=mary&phone=5550102", "smith")]
    [InlineData("name=mary&phone=0102&email=john@", "smith")]
    [InlineData("name=mary&email=joh", "smith")]
    [InlineData("name=smith&email=mary.smith@", "smith")]
    [InlineData("name=john ann&phone=5550101", "")]
    [InlineData("name=smith&phone=0103", "")]
    [InlineData("name=smith&account=bluedolphin-boston", "smithers")]
    [InlineData("name=smith&account=bluedolphin-boston&account=bluedolphin-austin", "smith,smithers")]
    public async Task Every_criterion_must_match_in_one_family_and_the_whole_name_one_guardian(string query, string families)
    {
        Assert.Equal(families, string.Join(',', await search.Service.Finds(Demo.RootUser, query)));
    }

    [Fact]
    public async Task A_family_found_shows_its_account_guardians_and_how_old_it_is()
    {
        var found = await search.Service.Search(Demo.RootUser, "name=ann smith");

        var family = Assert.Single(found.Families);
        Assert.Equal(("bluedolphin-austin", "bluedolphin-austin", "smith", true),
            (family.Account, family.AccountName, family.FamilyId, family.Active));
        Assert.Equal(["Mary Ann Smith", "John Smith"], family.Guardians.Select(guardian => guardian.Name));
        Assert.Equal(["Mary.Smith@Example.com", "john@work.example"], family.Emails);
        Assert.Equal(["+15125550101", "+15125550102"], family.Phones);
        Assert.InRange(search.Service.Clock.GetUtcNow() - family.AsOf!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.Equal((1, false, 0), (found.Total, found.TotalIsCapped, found.Near.Count));
        var count = Assert.Single(found.Accounts);
        Assert.Equal(("bluedolphin-austin", 1, family.AsOf), (count.Account, count.Count, count.AsOf));
    }

    [Fact]
    public async Task A_family_counts_once_however_many_of_its_guardians_match()
    {
        var found = await search.Service.Search(Demo.RootUser, "name=mary mar&account=bluedolphin-boston&limit=1");

        Assert.Equal((1, "marys"), (found.Total, Assert.Single(found.Families).FamilyId));
    }

    [Fact]
    public async Task A_person_finds_nothing_outside_their_reach_and_no_count_tells_of_it()
    {
        var east = await search.Service.Search(Demo.EastUser, "name=smith");
        var tumbling = await search.Service.Search(Demo.TumbleAdmin, "phone=5550101");

        Assert.Equal((1, "smithers"), (east.Total, Assert.Single(east.Families).FamilyId));
        Assert.Equal("bluedolphin-boston", Assert.Single(east.Accounts).Account);
        Assert.Equal((1, "other"), (tumbling.Total, Assert.Single(tumbling.Families).FamilyId));
        Assert.Equal("tumbletime-omaha", Assert.Single(tumbling.Accounts).Account);
    }

    [Fact]
    public async Task A_group_filter_keeps_to_the_groups_accounts()
    {
        Assert.Equal(["smithers"], await search.Service.Finds(Demo.RootAdmin, $"name=smith&group={Demo.EastId}"));
        Assert.Equal(["smith", "smithers"],
            await search.Service.Finds(Demo.RootAdmin, $"name=smith&group={Demo.EastId}&group={Demo.WestId}"));
    }

    [Theory]
    [InlineData("account=tumbletime-omaha")]
    [InlineData("account=bluedolphin-austin&account=nowhere")]
    [InlineData("group=1f5e3a52-0000-0000-0000-000000000000")]
    [InlineData("group=east")]
    public async Task A_filter_outside_the_reach_is_not_there(string filter)
    {
        var answer = await search.Service.SignedInAs(Demo.RootAdmin)
            .GetAsync($"/api/search/families?name=smith&{filter}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "name")]
    [InlineData("name=", "name")]
    [InlineData("name=a", "name")]
    [InlineData("name=%2C%2C", "name")]
    [InlineData("email=ab", "email")]
    [InlineData("email=abc%00", "email")]
    [InlineData("phone=123", "phone")]
    [InlineData("phone=unknown", "phone")]
    [InlineData("name=smith&phone=12", "phone")]
    [InlineData("name=smith&limit=0", "limit")]
    [InlineData("name=smith&limit=201", "limit")]
    [InlineData("name=smith&limit=many", "limit")]
    public async Task Too_little_to_search_by_is_said_per_field(string query, string field)
    {
        var answer = await search.Service.SignedInAs(Demo.RootUser)
            .GetAsync($"/api/search/families?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<ValidationProblemDetails>(TestContext.Current.CancellationToken);
        Assert.Equal(field, Assert.Single(problem!.Errors).Key);
    }

    [Fact]
    public async Task Nobody_searches_without_signing_in()
    {
        var answer = await search.Service.Anonymous().GetAsync("/api/search/families?name=smith", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
