using EnterprisePortal.Tests.EndToEnd.Support;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace EnterprisePortal.Tests.EndToEnd;

/// <summary>At night: something broke, a message is parked, and the person who is woken has only the portal.</summary>
public sealed class OperateTests(Portal portal)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operator_finds_out_why_a_mail_is_missing_mends_it_and_sends_the_message_back()
    {
        await using var identity = NpgsqlDataSource.Create($"{await portal.Running.ConnectionString("identity")};Pooling=false");
        await Run(identity, "alter table mail add constraint full_disk check (false) not valid");
        using var rosa = await portal.Caller("root-admin@bluedolphin.example");
        var group = (await rosa.Json("/api/me")).GetProperty("group").GetProperty("id").GetString();
        using var invited = await rosa.Post("/api/users",
            new { email = "nora@bluedolphin.example", name = "Nora Night", level = "user", group, provider = "google" });
        Assert.True(invited.IsSuccessStatusCode, await invited.Content.ReadAsStringAsync(Cancel));
        await using var olga = await portal.Visitor();

        // While the message is still being tried: nothing is parked, and every page is like the others.
        await olga.Page.GotoAsync("/operate/parked");
        await olga.Page.GotoAsync($"{olga.Page.Url}&provider=google&login_hint=operator@portal.example");
        await Expect(olga.Page.GetByRole(AriaRole.Heading, new() { Name = "Parked messages", Level = 1 })).ToBeVisibleAsync();
        var faults = new List<string>();
        foreach (var question in new[] { "", "?tab=accounts", "?tab=jobs", "?tab=versions" })
        {
            await olga.Page.GotoAsync($"/operate{question}");
            faults.AddRange(await olga.Page.Faults());
        }

        var parked = olga.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "identity-keep-mail" });
        await Wait.Eventually(async () =>
        {
            await olga.Page.GotoAsync("/operate/parked");
            return await parked.CountAsync() == 1;
        }, "The message was not parked.", TimeSpan.FromSeconds(60));
        await Expect(parked).ToContainTextAsync("violates check constraint \"full_disk\"");
        await parked.Locator("summary").First.ClickAsync();
        await Expect(parked.Locator("pre")).ToContainTextAsync("•••");
        await Expect(olga.Page.Locator("main")).Not.ToContainTextAsync("nora");
        faults.AddRange(await olga.Page.Faults());
        faults.AddRange(olga.Violations);
        // On a phone, too, there is a way out.
        await Expect(olga.Page.GetByRole(AriaRole.Button, new() { Name = "your menu" })).ToBeVisibleAsync();
        Assert.True((await olga.Page.Locator("button.person").BoundingBoxAsync())!.Width > 24);
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        await Run(identity, "alter table mail drop constraint full_disk");
        await parked.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(olga.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "sent back" })).ToBeVisibleAsync();
        await Expect(olga.Page.GetByText("Nothing is parked")).ToBeVisibleAsync();
        // It may be the first of this world.
        var mails = Directory.CreateDirectory(Path.Combine(portal.World.Folder, "mail"));
        await Wait.Eventually(() => Directory.GetFiles(mails.FullName)
            .Any(mail => File.ReadAllText(mail).Contains("nora@bluedolphin.example", StringComparison.Ordinal)),
            "The mail did not arrive.");
        Assert.Equal(403, (await olga.Page.GotoAsync("/family-search?name=smith"))!.Status);
    }

    static async Task Run(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
