using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class FamilyOrderTests(FamilyOrderTests.Smiths search) : IClassFixture<FamilyOrderTests.Smiths>
{
    public sealed class Smiths(Servers servers) : IAsyncLifetime
    {
        public SearchService Service { get; } = new(servers);

        public async ValueTask InitializeAsync()
        {
            await Service.InitializeAsync();
            await Service.Indexed("bluedolphin-austin",
                Family("hyphen", "Ana Smith-García"), Family("brandon", "Brandon Smith"), Family("two", "Cora Smith Lee"),
                Family("longer", "Al Smithers"));
            await Service.Indexed("bluedolphin-boston",
                Family("sergei", "Sergei Smith"), Family("first", "Smith-Lee Adams"),
                Family("couple", ["Ana Smith-Jones", "Tom Smith"], ["tom@example.com"], ["+16175550101"]));
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    [Theory]
    [InlineData("smith", "brandon,couple,two,sergei,longer,hyphen,first")]
    [InlineData("smi", "brandon,couple,two,sergei,longer,hyphen,first")]
    [InlineData("smith an", "hyphen,couple")]
    [InlineData("ana smith-g", "hyphen")]
    public async Task The_exact_name_comes_first_then_names_that_begin_with_it_then_hyphenated_ones(string name, string families)
    {
        Assert.Equal(families, await Found(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("&account=bluedolphin-boston")]
    public async Task A_short_page_shows_the_exact_ones(string filter)
    {
        var found = await search.Service.Search(Demo.RootUser, $"name=smith&limit=2{filter}");

        Assert.DoesNotContain(found.Families, family => family.Guardians.All(guardian => guardian.Name.Contains('-')));
    }

    [Fact]
    public async Task The_nearest_name_comes_first_then_hyphenated_ones()
    {
        var found = await search.Service.Search(Demo.RootUser, "name=smithh");

        Assert.Equal("brandon,couple,sergei,two", Ids(found.Near.Take(4).OrderBy(family => family.FamilyId)));
        Assert.Equal("first,hyphen", Ids(found.Near.Skip(4).OrderBy(family => family.FamilyId)));
    }

    async Task<string> Found(string name) => Ids((await search.Service.Search(Demo.RootUser, $"name={name}")).Families);

    static string Ids(IEnumerable<Contracts.Http.FoundFamily> families) => string.Join(',', families.Select(family => family.FamilyId));
}
