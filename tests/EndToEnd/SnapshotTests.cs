using System.Globalization;
using System.Text;
using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Support;

namespace EnterprisePortal.Tests.EndToEnd;

[Collection(nameof(Alone))]
public sealed class SnapshotTests(Portal portal)
{
    const int Roster = 6_000;

    [Theory]
    [InlineData("sync", "bluedolphin-austin", "Aventurine")]
    [InlineData("search", "bluedolphin-denver", "Beryl")]
    public async Task A_service_killed_in_the_middle_of_a_snapshot_completes_it_afterwards_and_doubles_nothing(
        string service, string account, string lastName)
    {
        await Import(account, lastName);
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var before = await State(rosa, account);

        using (var asked = await rosa.Post("/api/sync/runs", new { accounts = new[] { account } }))
            Assert.Equal(202, (int)asked.StatusCode);
        await Wait.Eventually(async () => (await State(rosa, account)).GetProperty("running").GetBoolean(), "The account was not read.");
        var killed = await portal.Running.Kill(service);
        // All or nothing: as seen by the one that still runs, nothing of it is there.
        if (service == "sync")
            Assert.Equal(0, await Found(rosa, $"{lastName}.{Roster}"));
        else
            Assert.Equal(LastSync(before), LastSync(await State(rosa, account)));

        await portal.Running.Restarted(service, killed);
        await Wait.Eventually(async () => LastSync(await State(rosa, account)) != LastSync(before), "The snapshot was not completed.",
            TimeSpan.FromMinutes(2));
        var after = await State(rosa, account);
        Assert.Equal(Roster, after.GetProperty("families").GetInt32() - before.GetProperty("families").GetInt32());
        foreach (var number in new[] { 1, 250, 251, Roster / 2, Roster })
            Assert.Equal((number, 1), (number, await Found(rosa, $"{lastName}.{number}")));
    }

    async Task Import(string account, string lastName)
    {
        var csv = new StringBuilder("Family,Guardian First Name,Guardian Last Name,Emails,Phones,Student,Level,Program,Enrolled\n");
        for (var number = 1; number <= Roster; number++)
            csv.Append(CultureInfo.InvariantCulture,
                $"{number},Kim,{lastName},{lastName}.{number}@roster.example,+1512557{number % 10_000:0000},,,,\n");
        using var http = new HttpClient { BaseAddress = portal.World.Office, Timeout = TimeSpan.FromMinutes(2) };
        using var answer = await http.PostAsync(new Uri($"_import/{account}", UriKind.Relative), new StringContent(csv.ToString()));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    static async Task<int> Found(Caller person, string mailbox) =>
        (await person.Json($"/api/search/families?email={mailbox}@roster.example")).GetProperty("total").GetInt32();

    static async Task<JsonElement> State(Caller person, string account) =>
        (await person.Json("/api/sync/accounts")).GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("account").GetString() == account);

    static string? LastSync(JsonElement state) => state.GetProperty("lastSync").GetString();
}
