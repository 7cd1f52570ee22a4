using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.Search.SearchService;

namespace EnterprisePortal.Tests.Search;

public class NearFamiliesTests(NearFamiliesTests.FamiliesWithLikeNames search) : IClassFixture<NearFamiliesTests.FamiliesWithLikeNames>
{
    public sealed class FamiliesWithLikeNames(Servers servers) : IAsyncLifetime
    {
        public SearchService Service { get; } = new(servers);

        public async ValueTask InitializeAsync()
        {
            await Service.InitializeAsync();
            await Service.Indexed("bluedolphin-austin",
                Family("johnson", ["Robert Johnson"], ["rj@example.com"], ["+15125550101"]),
                Family("cruz", ["Lucía De la Cruz"], ["lucia@example.com"], ["+15125550103"]),
                Family("maryann", ["Mary-Ann Kowalski"], ["mak@example.com"], ["+15125550104"]),
                Family("muller", ["Jürgen Müller"], ["jm@example.com"], ["+15125550105"]),
                Family("kathy", ["Katherine Quintero"], ["kq@example.com"], ["+15125550106"]),
                Family("christy", ["Christina Ibarra"], ["ci@example.com"], ["+15125550107"]),
                Family("freddy", ["Frederick Oakes"], ["fo@example.com"], ["+15125550108"]),
                Family("quique", ["Enrique Salas"], ["es@example.com"], ["+15125550109"]),
                Family("pepe", ["José Barragán"], ["jb@example.com"], ["+15125550110"]),
                Family("paco", ["Francisco Tovar"], ["ft@example.com"], ["+15125550111"]),
                Family("lupe", ["Guadalupe Rincón"], ["gr@example.com"], ["+15125550112"]),
                Family("chuy", ["Jesús Zavala"], ["jz@example.com"], ["+15125550113"]),
                Family("jeanluc", ["Jean-Luc Picardie"], ["jl@example.com"], ["+15125550114"]));
            await Service.Indexed("bluedolphin-boston",
                Family("johnson", ["Bob Johnson"], ["bob@example.com"], ["+16175550101", "+15125550101"]),
                Family("twin", ["Roberta Janssen"], ["RJ@example.com"], ["+16175550106"]),
                Family("delacruz", ["Ana Delacruz"], ["ana@example.com"], ["+16175550103"]),
                Family("wisniewski", ["Katarzyna Wiśniewski"], ["kw@example.com"], ["+16175550107"]));
            await Service.Indexed("bluedolphin-denver", Family("desk", ["Mia Chen"], ["desk@example.com"], ["+13035550199"]),
                Family("desk2", ["Mia Chan"], ["other@example.com"], ["+13035550188"]));
            await Service.Indexed("bluedolphin-fresno", Family("same-desk", ["Otto Weber"], ["otto@example.com"], ["+13035550199"]));
            await Service.Indexed("tumbletime-omaha", Family("outside", ["Robert Jonsohn"], ["rj@example.com"], ["+15125550101"]));
        }

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }

    [Theory]
    [InlineData("robert jonson", "johnson", "Similar to “Jonson”.")]
    [InlineData("robert jhonson", "johnson", "Similar to “Jhonson”.")]
    [InlineData("jonson robert", "johnson", "Similar to “Jonson”.")]
    [InlineData("rob jonson", "johnson", "Similar to “Jonson”.")]
    [InlineData("bobby johnson", "johnson", "Bobby is short for Robert.")]
    [InlineData("kathy wisniewski", "", "")]
    [InlineData("kathy quintero", "kathy", "Kathy is short for Katherine.")]
    [InlineData("christy ibarra", "christy", "Christy is short for Christina.")]
    [InlineData("freddy oakes", "freddy", "Freddy is short for Frederick.")]
    [InlineData("quique salas", "quique", "Quique is short for Enrique.")]
    [InlineData("pepe barragan", "pepe", "Pepe is short for Jose.")]
    [InlineData("paco tovar", "paco", "Paco is short for Francisco.")]
    [InlineData("lupe rincon", "lupe", "Lupe is short for Guadalupe.")]
    [InlineData("chuy zavala", "chuy", "Chuy is short for Jesus.")]
    [InlineData("jean luke picardie", "jeanluc", "Luc and Luke are the same name.")]
    [InlineData("mueller", "muller", "Similar to “Mueller”.")]
    [InlineData("jurgen miller", "muller", "Similar to “Miller”.")]
    [InlineData("vishnevski", "", "")]
    [InlineData("wishniewsky", "wisniewski", "Similar to “Wishniewsky”.")]
    [InlineData("maryann kowalski", "maryann", "“Maryann” in two words.")]
    [InlineData("maryann kovalski", "", "")]
    [InlineData("lucia delacruz", "cruz", "“Delacruz” in three words.")]
    [InlineData("ana de la cruz", "delacruz", "“De La Cruz” in one word.")]
    [InlineData("zzzyx", "", "")]
    [InlineData("johnson qqqqqq", "", "")]
    public async Task A_name_that_nobody_has_leads_to_who_may_be_meant_and_says_why(string name, string family, string why)
    {
        var found = await search.Service.Search(Demo.RootUser, $"name={name}&account=bluedolphin-austin&account=bluedolphin-boston");

        Assert.Equal((0, 0), (found.Total, found.Families.Count));
        var near = found.Near.FirstOrDefault(near => near.Why == why);
        Assert.Equal(family, near?.FamilyId ?? "");
        if (family == "")
            Assert.Empty(found.Near);
    }

    [Theory]
    [InlineData("bob johnson", "johnson")]
    [InlineData("robert johnson", "johnson")]
    public async Task Exact_matches_are_not_joined_by_near_names(string name, string family)
    {
        var found = await search.Service.Search(Demo.RootUser, $"name={name}");

        Assert.Equal((family, 0), (Assert.Single(found.Families).FamilyId, found.Near.Count));
    }

    [Fact]
    public async Task A_nickname_leads_to_the_name_and_the_name_to_the_nickname()
    {
        var boston = await search.Service.Search(Demo.RootUser, "name=robert johnson&account=bluedolphin-boston");
        var austin = await search.Service.Search(Demo.RootUser, "name=bob johnson&account=bluedolphin-austin");

        Assert.Equal(("Bob Johnson", "Bob is short for Robert."), (boston.Near[0].Guardians[0].Name, boston.Near[0].Why));
        Assert.Equal(("Robert Johnson", "Bob is short for Robert."), (austin.Near[0].Guardians[0].Name, austin.Near[0].Why));
    }

    [Fact]
    public async Task The_nearest_come_first_and_nobody_from_outside_the_reach()
    {
        var near = (await search.Service.Search(Demo.RootUser, "name=robert jonsson")).Near;

        Assert.Equal(["Robert Johnson", "Roberta Janssen", "Bob Johnson"], near.Select(family => family.Guardians[0].Name));
        Assert.DoesNotContain(near, family => family.Account == "tumbletime-omaha");
        Assert.Equal("outside", Assert.Single((await search.Service.Search(Demo.TumbleUser, "name=robert jonsson")).Near).FamilyId);
    }

    [Theory]
    [InlineData("name=robert jonson&phone=6175550101", "bluedolphin-boston/johnson")]
    [InlineData("name=robert jonson&email=bob@", "bluedolphin-boston/johnson")]
    [InlineData("name=robert jonson&email=rj@example.com", "bluedolphin-austin/johnson")]
    [InlineData("name=robert jonson&phone=5550103", "")]
    [InlineData("name=robert jonson&email=nobody@example.com", "")]
    [InlineData("phone=4445550103", "")]
    public async Task What_else_was_filled_in_still_must_match(string query, string families)
    {
        var near = (await search.Service.Search(Demo.RootUser, query)).Near;

        Assert.Equal(families, string.Join(',', near.Select(family => $"{family.Account}/{family.FamilyId}")));
    }

    [Fact]
    public async Task A_family_of_two_accounts_is_known_by_a_phone_in_common_and_a_name_that_fits()
    {
        var found = await search.Service.Search(Demo.RootUser, "phone=5125550101");

        Assert.Equal([null, "bluedolphin-austin/johnson"], found.Families.Select(family => family.SameAs));
        Assert.Equal(2, found.Total);
        Assert.Equal(["bluedolphin-austin", "bluedolphin-boston"], found.Accounts.Select(count => count.Account).Order());
    }

    [Theory]
    [InlineData("phone=3035550199")]
    [InlineData("email=rj@example.com")]
    [InlineData("name=mia")]
    public async Task A_phone_or_a_name_alone_do_not_make_one_family_of_two(string query)
    {
        var found = await search.Service.Search(Demo.RootUser, query);

        Assert.Equal(2, found.Families.Count);
        Assert.All(found.Families, family => Assert.Null(family.SameAs));
    }
}
