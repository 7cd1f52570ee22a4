using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EnterprisePortal.Tests.Production.Support;

namespace EnterprisePortal.Tests.Production;

public sealed class RehearsalTests(Rehearsal rehearsal)
{
    const string Omaha = Rehearsal.Unpaired;
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_signs_in_with_Google_finds_a_family_enters_answers_the_phone_runs_a_report_and_signs_out()
    {
        rehearsal.Needed();
        using var ruben = await rehearsal.SignedIn("root-user@bluedolphin.example");

        var found = await ruben.Json("/api/search/families?name=holloway");
        using var families = await ruben.Follow("/open/bluedolphin-austin?to=/families");
        using var caller = await ruben.Follow("/phone-search-link/5125550101");
        using var started = await ruben.Send(HttpMethod.Post, "/api/reports/runs",
            new { report = "FIN-2", parameters = new { from = "2026-01-01", to = "2026-01-31" } });
        Assert.True(started.IsSuccessStatusCode, $"{started.StatusCode} {await started.Content.ReadAsStringAsync(Cancel)}");
        var run = (await started.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString();

        Assert.Equal(3, found.GetProperty("families").GetArrayLength());
        Assert.StartsWith($"https://{Deployment.Office}/bluedolphin-austin/families", Address(families), StringComparison.Ordinal);
        Assert.Contains("Ruben User", await families.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.StartsWith($"https://{Deployment.Office}/bluedolphin-austin/families?", Address(caller), StringComparison.Ordinal);
        await Wait.Eventually(async () => (await ruben.Json($"/api/reports/runs/{run}")).GetProperty("accounts").EnumerateArray()
            .All(account => account.GetProperty("state").GetString() == "ready"), "The report is not ready.");

        using (await ruben.Send(HttpMethod.Post, "/sign-out"))
            await Wait.Eventually(async () =>
            {
                using var asked = await ruben.Send(HttpMethod.Get, "/api/accounts");
                return asked.StatusCode == HttpStatusCode.Unauthorized;
            }, "The session goes on after the sign-out.");
    }

    [Fact]
    public async Task A_person_signs_in_with_Microsoft_through_the_metadata_of_all_organizations()
    {
        rehearsal.Needed();
        using var edith = await rehearsal.SignedIn("east-admin@bluedolphin.example", "microsoft");

        Assert.Equal(4, (await edith.Json("/api/accounts?limit=100")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task An_Admin_pairs_an_account_and_those_concerned_hear_of_it_by_mail()
    {
        rehearsal.Needed();
        using var tara = await rehearsal.SignedIn("root-admin@tumbletime.example");

        using var paired = await tara.Send(HttpMethod.Post, "/api/accounts",
            new { baseUrl = $"https://{Deployment.Office}/{Omaha}", pairingCode = rehearsal.PairingCode });
        Assert.True(paired.IsSuccessStatusCode, await paired.Content.ReadAsStringAsync(Cancel));
        using var tested = await tara.Send(HttpMethod.Post, $"/api/accounts/{Omaha}/connection");
        var steps = await tested.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.True(steps.GetProperty("passed").GetBoolean(), steps.ToString());
        using var opened = await tara.Send(HttpMethod.Patch, $"/api/accounts/{Omaha}", new { status = "active" });
        Assert.True(opened.IsSuccessStatusCode, await opened.Content.ReadAsStringAsync(Cancel));

        await Wait.Eventually(() => rehearsal.Mails().Any(mail =>
            mail.Contains("To: root-admin@tumbletime.example", StringComparison.Ordinal)
            && mail.Contains("Tumble Time Omaha", StringComparison.Ordinal)), "No mail arrived at the mail server.");
        using var inside = await tara.Follow($"/open/{Omaha}?to=/families");
        Assert.StartsWith($"https://{Deployment.Office}/{Omaha}/families", Address(inside), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_replica_says_what_it_is_and_the_edge_is_as_strict_as_Production_is()
    {
        rehearsal.Needed();
        foreach (var host in new[] { rehearsal.A, rehearsal.B })
            foreach (var service in Deployment.Services)
                Assert.StartsWith(Deployment.Version is "" ? "Healthy" : $"Healthy {Deployment.Version}+",
                    await rehearsal.Health(host, service), StringComparison.Ordinal);
        using var stranger = rehearsal.Person();

        using var signIn = await stranger.Get("/sign-in?provider=google");
        using var plain = await stranger.Get($"http://{Deployment.Portal}/accounts");

        Assert.Equal("max-age=31536000", Assert.Single(signIn.Headers.GetValues("Strict-Transport-Security")));
        Assert.All(signIn.Headers.GetValues("Set-Cookie"), cookie =>
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Equal((HttpStatusCode.PermanentRedirect, $"https://{Deployment.Portal}/accounts"),
            (plain.StatusCode, plain.Headers.Location?.ToString()));
    }

    static string Address(HttpResponseMessage answer) => answer.RequestMessage!.RequestUri!.ToString();
}
