using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Operations;
using EnterprisePortal.Tests.Search;
using EnterprisePortal.Tests.Support;
using RabbitMQ.Client;

namespace EnterprisePortal.Tests.Operations;

public class ParkedMessageTests(SearchService search) : IClassFixture<SearchService>
{
    const string Queue = "search-erase-family", Unreadable =
        """
        { "messageType": ["urn:message:EnterprisePortal.Contracts.Sync:FamilyErased"],
          "message": { "account": "bluedolphin-austin", "familyId": { "of": "Mary Brown", "phone": "+15125550199" } } }
        """;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    HttpClient Operator => search.Bearing(TestIdentity.Token(
        [new("sub", $"{Guid.CreateVersion7()}"), new("name", "Olga"), new("email", "olga@portal.example"), new Claim("level", "operator"),
            new("sid", $"{Guid.CreateVersion7()}")]));

    [Fact]
    public async Task An_operator_finds_a_parked_message_without_the_words_of_people_and_a_portal_user_finds_nothing()
    {
        var message = await Parked();

        Assert.Equal((Queue, "FamilyErased"), (message.Queue, message.Type));
        Assert.NotEqual("", message.Reason);
        Assert.Contains("bluedolphin-austin", message.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Mary", message.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("5550199", message.Body, StringComparison.Ordinal);
        foreach (var person in new[] { Demo.RootAdmin, Demo.RootUser })
            Assert.Equal(HttpStatusCode.Forbidden, (await search.SignedInAs(person).GetAsync("/api/operate/parked", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await search.Anonymous().GetAsync("/api/operate/parked", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Operator.GetAsync("/api/search/families?name=brown", Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_message_that_is_sent_back_is_tried_again_and_stands_in_the_logs_of_operators_and_of_its_enterprise()
    {
        var first = await Parked();

        using var sent = await Operator.PostAsync($"/api/operate/parked/{first.Id}/send-back", null, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, sent.StatusCode);
        foreach (var log in new[] { OperatorRole.Log, Demo.BlueDolphinId })
        {
            var entry = await search.Published<ActivityRecorded>(it => it.EnterpriseId == log && it.Action == "message.sent-back");
            Assert.Equal(("Olga", "operator", "FamilyErased"), (entry.Person.Name, entry.Person.Level, entry.Subject));
            Assert.DoesNotContain("Mary", entry.Details, StringComparison.Ordinal);
        }
        // Nobody has mended it: it fails again, and comes back as another row.
        await Wait.Eventually(async () => (await All()).Any(one => one.Queue == Queue && one.FailedAt > first.FailedAt));
        Assert.DoesNotContain(await All(), one => one.Id == first.Id);
    }

    [Fact]
    public async Task A_message_is_discarded_only_with_a_reason_which_the_log_keeps()
    {
        var message = await Parked();

        using var mute = await Operator.PostAsJsonAsync($"/api/operate/parked/{message.Id}/discard", new { why = " " }, Cancel);
        using var done = await Operator.PostAsJsonAsync(
            $"/api/operate/parked/{message.Id}/discard", new { why = "A test of March" }, Cancel);
        using var again = await Operator.PostAsJsonAsync($"/api/operate/parked/{message.Id}/discard", new { why = "Twice" }, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NoContent, HttpStatusCode.NotFound),
            (mute.StatusCode, done.StatusCode, again.StatusCode));
        var entry = await search.Published<ActivityRecorded>(it => it.EnterpriseId == OperatorRole.Log && it.Action == "message.discarded");
        Assert.Contains("A test of March", entry.Details, StringComparison.Ordinal);
        Assert.DoesNotContain(await All(), one => one.Id == message.Id);
    }

    [Fact]
    public async Task The_state_counts_what_is_parked_and_names_the_jobs_with_their_last_run()
    {
        await Parked();

        var state = (await Operator.GetFromJsonAsync<ServiceState>("/api/operate/state", Cancel))!;

        Assert.True(state.Parked > 0);
        Assert.Equal("Healthy", state.Ready);
        Assert.Contains(state.Jobs, job => job is { Name: "outbox relay", LastRun: not null, Problem: null });
    }

    /// <summary>A message that Search cannot read.</summary>
    async Task<ParkedMessage> Parked()
    {
        var before = (await All()).Select(one => one.Id).ToHashSet();
        var broker = new ConnectionFactory { Uri = new(search.Settings["ConnectionStrings:messaging"]) };
        await using var connection = await broker.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        await channel.BasicPublishAsync("", Queue, true,
            new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = $"{Guid.CreateVersion7()}" },
            System.Text.Encoding.UTF8.GetBytes(Unreadable), Cancel);
        ParkedMessage? found = null;
        await Wait.Eventually(async () => (found = (await All()).FirstOrDefault(one => !before.Contains(one.Id))) is not null);
        return found!;
    }

    async Task<IReadOnlyList<ParkedMessage>> All() =>
        (await Operator.GetFromJsonAsync<Page<ParkedMessage>>("/api/operate/parked?limit=200", Cancel))!.Items;
}

public class MaskedTests
{
    [Theory]
    [InlineData("Key (email)=(rosa@bluedolphin.example) is there", "Key (email)=(•••) is there")]
    [InlineData("The caller +1 (512) 555-0199 has none", "The caller ••• has none")]
    [InlineData("Cannot read 'Mary Brown' as a number", "Cannot read '•••' as a number")]
    [InlineData("new row for relation \"mail\" violates \"it\"", "new row for relation \"mail\" violates \"•••\"")]
    [InlineData("Failed after 6 attempts", "Failed after 6 attempts")]
    public void A_reason_loses_what_it_quotes(string reason, string shown) => Assert.Equal(shown, Masked.Words(reason));
}
