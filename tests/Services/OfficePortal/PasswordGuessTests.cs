using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using EnterprisePortal.Contracts.AccountApi;
using EnterprisePortal.Tests.Support;
using static EnterprisePortal.Tests.OfficePortal.WebOffice;

namespace EnterprisePortal.Tests.OfficePortal;

/// <summary>Whoever guesses passwords shuts out themselves, at worst one password, and never the portal.</summary>
public partial class PasswordGuessTests(WebOffice office) : IClassFixture<WebOffice>
{
    const string Password = "Demo-2026!", PortalUser = "portal-user@bluedolphin.example";

    [Fact]
    public async Task Five_wrong_passwords_end_the_guessing_from_that_address_and_the_manager_signs_in_from_another()
    {
        var email = $"manager@{Denver}.example";
        await Guess("203.0.113.1", Denver, email, 5);

        var guesser = await SignIn(office.Browser("203.0.113.1"), Denver, email, Password);
        var manager = await SignIn(office.Browser("203.0.113.2"), Denver, email, Password);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.Redirect), (guesser.StatusCode, manager.StatusCode));
        Assert.Contains("Too many attempts", await guesser.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Whoever_has_one_IPv6_address_has_its_whole_network_and_counts_once()
    {
        var email = $"manager@{Austin}.example";
        for (var attempt = 1; attempt <= 5; attempt++)
            await Guess($"2001:db8:7:7::{attempt}", Austin, email, 1);

        using var neighbor = await SignIn(office.Browser("2001:db8:7:7:ffff::1"), Austin, email, Password);
        Assert.Contains("Too many attempts", await neighbor.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(office.Browser("2001:db8:7:8::1"), Austin, email, Password)).StatusCode);
    }

    [Fact]
    public async Task Guesses_from_everywhere_close_the_password_of_one_staff_user_until_the_owner_unlocks_it()
    {
        var email = $"frontdesk@{Denver}.example";
        for (var address = 1; address <= 10; address++)
            await Guess($"198.51.100.{address}", Denver, email, 5);
        using var shutOut = await SignIn(office.Browser("203.0.113.20"), Denver, email, Password);
        Assert.Contains("Too many attempts", await shutOut.Content.ReadAsStringAsync());
        var (owner, profile) = (await office.SignedIn(Denver, "owner"), $"/{Denver}/staff/{Uri.EscapeDataString(email)}");
        Assert.Contains("Password locked", await owner.GetStringAsync($"/{Denver}/staff"));
        Assert.Contains("<button>Unlock</button>", await owner.GetStringAsync(profile));

        await Submit(owner, profile, $"{profile}/unlock", []);

        Assert.DoesNotContain("<button>Unlock</button>", await owner.GetStringAsync(profile));
        Assert.Equal(HttpStatusCode.Redirect, (await SignIn(office.Browser("203.0.113.20"), Denver, email, Password)).StatusCode);
        Assert.Equal($"owner@{Denver}.example Staff user {email}", await office.Ask<string>(
            $"select username || ' ' || affected_records from audit_entry where account = '{Denver}' and action = 'Unlocked staff user'"));
    }

    [Fact]
    public async Task Guessing_at_a_login_as_staff_user_keeps_no_portal_user_and_no_report_out()
    {
        await Guess("203.0.113.30", Austin, PortalUser, 6);

        Assert.Equal(HttpStatusCode.Redirect, (await office.Enter(office.Browser(), Austin, WebPerson.Ruben())).StatusCode);
        Assert.False((await office.Api(Austin).GetFromJsonAsync<StaffUser>($"staff/{PortalUser}"))!.LockedOut);
        using var report = await office.Api(Austin).PostAsJsonAsync("reports", new ReportRequest(Guid.CreateVersion7(), "FIN-1",
            ReportOffice.Given(new(AsOf: new(2026, 10, 31))), new(Guid.CreateVersion7(), "Ruben User", "user", Guid.Empty, PortalUser)));
        Assert.Equal(HttpStatusCode.Accepted, report.StatusCode);
        var owner = await office.SignedIn(Austin, "owner");
        Assert.Contains("<dt>State</dt><dd>Active</dd>", await owner.GetStringAsync($"/{Austin}/staff/{PortalUser}"));
    }

    [Fact]
    public async Task An_email_nobody_has_is_answered_like_a_staff_users_at_every_attempt()
    {
        const string Address = "203.0.113.40";
        for (var attempt = 1; attempt <= 6; attempt++)
        {
            var known = await Answer($"instructor@{Denver}.example");
            Assert.Contains(attempt <= 5 ? "password is wrong" : "Too many attempts", known);
            Assert.Equal(known, await Answer("nobody@example.org"));
            Assert.Equal(known, await Answer(PortalUser));
        }
        // The same work for each: one attempt, one line of the Audit Log, which does not keep what a stranger typed.
        Assert.Equal(15, await Lines($"action = 'Sign-in failed' and ip = '{Address}'"));
        Assert.Equal(0, await Lines("audit_entry::text like '%nobody@example.org%'"));

        Task<long> Lines(string which) => office.Ask<long>($"select count(*) from audit_entry where account = '{Denver}' and {which}");

        async Task<string> Answer(string email)
        {
            using var answer = await SignIn(office.Browser(Address), Denver, email, "guess");
            var page = (await answer.Content.ReadAsStringAsync()).Replace(email, "", StringComparison.Ordinal);
            return $"{answer.StatusCode} {AntiforgeryToken().Replace(page, "")}";
        }
    }

    [Fact]
    public async Task Guesses_made_at_once_all_count()
    {
        var email = $"manager@{Denver}.example";
        var browsers = Enumerable.Range(0, 12).Select(_ => office.Browser("203.0.113.50")).ToList();

        var answers = await Task.WhenAll(browsers.Select(async browser =>
            await (await SignIn(browser, Denver, email, "guess")).Content.ReadAsStringAsync()));

        Assert.Equal((5, 7), (answers.Count(answer => answer.Contains("password is wrong", StringComparison.Ordinal)),
            answers.Count(answer => answer.Contains("Too many attempts", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Signing_in_takes_the_slips_before_it_away()
    {
        var email = $"owner@{Austin}.example";
        for (var day = 1; day <= 3; day++)
        {
            await Guess("203.0.113.60", Austin, email, 4);
            Assert.Equal(HttpStatusCode.Redirect, (await SignIn(office.Browser("203.0.113.60"), Austin, email, Password)).StatusCode);
        }
    }

    [Fact]
    public async Task A_lock_set_by_the_account_itself_is_revealed_only_with_the_right_password()
    {
        var email = $"instructor@{Austin}.example";
        await office.Sql($"update staff set locked_until = 'infinity' where account = '{Austin}' and email = '{email}'");

        var guess = await SignIn(office.Browser("203.0.113.70"), Austin, email, "guess");
        var right = await SignIn(office.Browser("203.0.113.70"), Austin, email, Password);

        Assert.Contains("password is wrong", await guess.Content.ReadAsStringAsync());
        Assert.Contains("You are locked out of this account", await right.Content.ReadAsStringAsync());
        Assert.True((await office.Api(Austin).GetFromJsonAsync<StaffUser>($"staff/{email}"))!.LockedOut);
        await office.Sql($"update staff set locked_until = null where account = '{Austin}' and email = '{email}'");
    }

    [Fact]
    public async Task Nobody_uses_up_the_owners_pairing_tries_from_elsewhere()
    {
        for (var attempt = 1; attempt <= 10; attempt++)
            Assert.Equal(HttpStatusCode.Forbidden, (await office.Pair(Unpaired, "0000", address: "203.0.113.80")).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await office.Pair(Unpaired, "0000", address: "203.0.113.80")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await office.Pair(Unpaired, await office.PairingCodeOf(Unpaired), address: "203.0.113.81"))
            .StatusCode);
    }

    [Fact]
    public async Task Who_begins_entries_without_end_is_slowed_down_and_nobody_else()
    {
        var (issuer, target) = (Uri.EscapeDataString(TestIdentity.Issuer), Uri.EscapeDataString($"{Url}/{Denver}/families"));
        var begin = $"/{Denver}/enterprise/sign-in?iss={issuer}&target_link_uri={target}";
        var robot = office.Browser("203.0.113.90");
        var answers = new List<HttpStatusCode>();
        while (answers.Count < 400 && answers.LastOrDefault() != HttpStatusCode.TooManyRequests)
            answers.Add((await robot.GetAsync(begin)).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        // A call center behind one address enters with every call.
        Assert.InRange(answers.Count, 121, 400);
        Assert.Equal(HttpStatusCode.Redirect, (await office.Browser("203.0.113.91").GetAsync(begin)).StatusCode);
    }

    async Task Guess(string address, string account, string email, int times)
    {
        for (var attempt = 1; attempt <= times; attempt++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SignIn(office.Browser(address), account, email, "guess")).StatusCode);
    }

    [GeneratedRegex("(?<=__RequestVerificationToken\" value=\")[^\"]+")]
    private static partial Regex AntiforgeryToken();
}
