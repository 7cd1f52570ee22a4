using System.Net.Http.Json;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.Tests.Support;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace EnterprisePortal.Tests.Identity;

public class MailTests(IdentityService identity) : IClassFixture<IdentityService>
{
    [Fact]
    public async Task An_invitation_becomes_one_mail()
    {
        using var root = await identity.SignedIn(Demo.RootAdmin);

        await root.PostAsJsonAsync("/api/users",
            new { email = "guest@bluedolphin.example", name = "Gül Guest", level = "user", group = Demo.EastId, provider = "google" },
                TestContext.Current.CancellationToken);

        await Eventually(() => To("guest@bluedolphin.example").Length == 1);
        var mail = To("guest@bluedolphin.example").Single();
        Assert.Contains("Gül Guest", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"{IdentityService.Portal}sign-in?enterprise={Demo.BlueDolphinId}", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_sent_twice_by_the_broker_before_and_after_a_restart_arrives_once()
    {
        var (id, mail) = (Guid.CreateVersion7(), new SendMail("once@bluedolphin.example", "Once", "Only once."));
        await identity.Bus.Publish(mail, id);
        await Eventually(() => To(mail.To).Length == 1);
        foreach (var file in Directory.GetFiles(identity.MailFolder))
            File.Delete(file);

        await identity.AnotherInstance();
        await identity.Bus.Publish(mail, id);
        await identity.Bus.Publish(mail with { To = "later@bluedolphin.example" });

        await Eventually(() => To("later@bluedolphin.example").Length == 1);
        Assert.Empty(To(mail.To));
    }

    [Fact]
    public async Task A_mail_that_cannot_be_handed_over_waits_and_the_next_does_not_wait_for_it()
    {
        await identity.Bus.Publish(new SendMail("not an address", "Lost", "Not lost, but late."));
        await identity.Bus.Publish(new SendMail("next@bluedolphin.example", "Next", "In time."));

        await Eventually(() => To("next@bluedolphin.example").Length == 1);
        await identity.Until(db =>
            db.Database.SqlQuery<int>($"select attempts as \"Value\" from mail where recipient = 'not an address' and sent_at is null")
                .SingleOrDefaultAsync(), attempts => attempts > 0);
    }

    [Fact]
    public async Task A_mail_has_the_name_and_the_color_of_its_enterprise_and_says_the_same_without_them()
    {
        await identity.Given(Demo.BlueDolphin with { Brand = new("Dolphins & Co", "#0b6b61", null) });
        await identity.Bus.Publish(new SendMail("branded@bluedolphin.example", "Ready",
            "It is <ready>:\nhttp://localhost/generated-reports/1", Demo.EastId));
        await identity.Bus.Publish(new SendMail("plain@tumbletime.example", "Ready", "It is ready.", Demo.TumbleTimeId));

        await Eventually(() => To("branded@bluedolphin.example").Length == 1 && To("plain@tumbletime.example").Length == 1);
        var mail = To("branded@bluedolphin.example").Single();
        Assert.Equal("Dolphins & Co", mail.From.Mailboxes.Single().Name);
        Assert.Equal("It is <ready>:\nhttp://localhost/generated-reports/1", mail.TextBody!.ReplaceLineEndings("\n").TrimEnd());
        Assert.Contains("background:#0b6b61;color:#ffffff;font-weight:600\">Dolphins &amp; Co</p>", mail.HtmlBody,
            StringComparison.Ordinal);
        Assert.Contains("It is &lt;ready&gt;:", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("<a href=\"http://localhost/generated-reports/1\"", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Null(To("plain@tumbletime.example").Single().HtmlBody);
    }

    MimeMessage[] To(string address) =>
        [.. Directory.GetFiles(identity.MailFolder, "*.eml").Select(file => MimeMessage.Load(file))
            .Where(mail => mail.To.Mailboxes.Single().Address == address)];
}
