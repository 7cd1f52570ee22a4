using System.Text.Json;
using EnterprisePortal.Tests.EndToEnd.Pages;
using EnterprisePortal.Tests.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>After all others: meanwhile there is one account more than the demo world has.</summary>
[Collection(nameof(Alone))]
public sealed class OnboardingTests(Portal portal)
{
    const string Code = "tumbletime-chicago", Name = "Tumble Time Chicago";

    [Fact]
    public async Task A_new_account_comes_in_by_its_owners_code_is_tested_opened_entered_and_removed_again()
    {
        using (var office = new HttpClient { BaseAddress = portal.World.Office })
            (await office.PostAsync(new Uri($"_accounts/{Code}", UriKind.Relative), null, TestContext.Current.CancellationToken))
                .EnsureSuccessStatusCode();
        await using var owner = await portal.Visitor();
        await owner.Page.SignInDirectly(portal.World.Office, Code);
        await owner.Page.GotoAsync($"{portal.World.Office}{Code}/settings/enterprise-portal");
        await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Issue a pairing code" }).ClickAsync();
        var code = await owner.Page.Locator(".code").InnerTextAsync();
        await owner.Page.GotoAsync($"{portal.World.Office}{Code}/settings/enterprise-portal");
        await Expect(owner.Page.Locator("body")).Not.ToContainTextAsync(code);

        await using var tara = await portal.SignedIn("root-admin@tumbletime.example");
        await tara.Page.GotoAsync("/accounts");
        await tara.Page.GetByRole(AriaRole.Link, new() { Name = "Register an account" }).ClickAsync();
        await Register($"{portal.World.Office}bluedolphin-austin", code);
        // Whose account that is, is nobody else's business.
        await Expect(tara.Page.GetByText("The pairing code is wrong")).ToBeVisibleAsync();
        await Register($"{portal.World.Office}{Code}", "0000-0000-0000-0000");
        await Expect(tara.Page.GetByText("The pairing code is wrong")).ToBeVisibleAsync();
        await Register($"{portal.World.Office}{Code}", code);
        await tara.Page.WaitForURLAsync($"**/accounts/{Code}?done=registered");

        Assert.Equal("", string.Join('\n', await tara.Page.Faults()));
        await tara.Page.GetByRole(AriaRole.Button, new() { Name = "Test the connection" }).ClickAsync();
        await Expect(tara.Page.GetByText("Every step passed")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Equal("", string.Join('\n', await tara.Page.Faults()));
        await tara.Page.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await tara.Page.WaitForURLAsync($"**/accounts/{Code}?done=opened");

        var accounts = await AccountsPage.Open(tara.Page);
        await Expect((await accounts.Enter(Name)).RedBar).ToContainTextAsync("Tara Admin");
        var mails = Path.Combine(portal.World.Folder, "mail");
        await Wait.Eventually(() => Directory.Exists(mails) && new[]
            { $"manager@{Code}.example", "root-admin@tumbletime.example" }.All(to =>
            Directory.EnumerateFiles(mails, "*.eml").Select(File.ReadAllText)
                .Any(mail => mail.Contains($"To: {to}", StringComparison.Ordinal) && mail.Contains(Name, StringComparison.Ordinal))),
                    "Nobody was told by mail.");
        using var program = await portal.Caller("root-admin@tumbletime.example");
        await Wait.Eventually(async () => (await program.Json("/api/sync/accounts")).GetProperty("items").EnumerateArray().Any(state =>
            state.GetProperty("account").GetString() == Code && state.GetProperty("lastSync").ValueKind == JsonValueKind.String),
                "Its first sync did not follow.");

        await tara.Page.GotoAsync($"/accounts/{Code}?ask=remove");
        Assert.Equal("", string.Join('\n', await tara.Page.Faults()));
        var inside = tara.Page.Context.Pages[^1];
        await tara.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the account" }).ClickAsync();
        await Expect(tara.Page.GetByText("The account was removed.")).ToBeVisibleAsync();
        await inside.ReloadAsync();
        await Expect(inside.GetByRole(AriaRole.Heading, new() { Name = $"Sign in to {Name}" })).ToBeVisibleAsync();
        await Expect(accounts.Rows).ToHaveCountAsync(4);
        Assert.Empty(tara.Violations);

        async Task Register(string address, string pairingCode)
        {
            // A page of its own for each attempt: the refusal of the one before is not taken for this one's.
            await tara.Page.GotoAsync("/onboarding");
            await tara.Page.GetByLabel("Base URL").FillAsync(address);
            await tara.Page.GetByLabel("Pairing code").FillAsync(pairingCode);
            await tara.Page.GetByRole(AriaRole.Button, new() { Name = "Register the account" }).ClickAsync();
        }
    }
}
