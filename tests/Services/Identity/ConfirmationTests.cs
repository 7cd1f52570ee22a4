using System.Net;
using System.Net.Http.Json;
using EnterprisePortal.Contracts.Activity;
using EnterprisePortal.Contracts.Identity;
using EnterprisePortal.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.Tests.Identity;

/// <summary>Each session is confirmed by its provider again; here every two seconds.</summary>
public class ConfirmationTests(ConfirmationTests.OftenConfirmed identity) : IClassFixture<ConfirmationTests.OftenConfirmed>
{
    public sealed class OftenConfirmed(Servers servers) : IdentityService(servers)
    {
        protected override string ConfirmEvery => "00:00:02";
    }

    [Fact]
    public async Task A_person_disabled_at_the_provider_is_out_everywhere_and_others_stay()
    {
        var (gone, stays) = (await identity.Somebody("gone"), await identity.Somebody("stays"));
        var (browser, other) = (identity.NewBrowser(), identity.NewBrowser());
        var (tokens, _) = await browser.SignIn(gone.Email);
        var (others, _) = await other.SignIn(stays.Email);

        await identity.AtProvider(gone.Email, new { disabled = true });

        await identity.Published<SessionsRevoked>(it => it.PersonId == gone.Id);
        Assert.Equal("invalid_grant", (await browser.Refresh(tokens!)).Refusal);
        var entry = await identity.Published<ActivityRecorded>(it => it.Action == "session.ended" && it.Subject == gone.Email);
        Assert.Contains("Google no longer confirms", entry.Details, StringComparison.Ordinal);
        Assert.NotNull((await other.Refresh(others!)).Tokens);
        Assert.Null(await identity.Until(
            db => db.Users.Where(user => user.Id == gone.Id).Select(user => user.ProviderToken).SingleAsync(), token => token is null));
    }

    [Fact]
    public async Task A_person_disabled_at_the_provider_is_out_of_all_their_enterprises()
    {
        var (dolphin, tumble) = await identity.OfBoth("gone-from-both");
        var (one, other) = (identity.NewBrowser(), identity.NewBrowser());
        var (atDolphin, _) = await one.SignIn(dolphin.Email, enterprise: $"{Demo.BlueDolphinId}");
        var (atTumble, _) = await other.SignIn(dolphin.Email, enterprise: $"{Demo.TumbleTimeId}");
        // The provider gives one refresh token, and it may be good for one use.
        Assert.Single(
            (await identity.Until(db => db.Users.Where(user => user.Email == dolphin.Email).Select(user => user.ProviderToken)
                .ToListAsync(), _ => true)).Distinct());

        await identity.AtProvider(dolphin.Email, new { disabled = true });

        await identity.Published<SessionsRevoked>(it => it.PersonId == dolphin.Id);
        await identity.Published<SessionsRevoked>(it => it.PersonId == tumble.Id);
        Assert.Equal(("invalid_grant", "invalid_grant"),
            ((await one.Refresh(atDolphin!)).Refusal, (await other.Refresh(atTumble!)).Refusal));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_or_is_troubled_refuses_nobody()
    {
        var person = await identity.Somebody("patient");
        var browser = identity.NewBrowser();
        var (tokens, _) = await browser.SignIn(person.Email);
        var asked = 0;
        identity.ProvidersAnswer = () => Interlocked.Increment(ref asked) switch
        {
            1 => throw new HttpRequestException("No route to host."),
            2 => new(HttpStatusCode.InternalServerError) { Content = new StringContent("<html>Oops</html>") },
            _ => new(HttpStatusCode.BadRequest) { Content = JsonContent.Create(new { error = "invalid_client" }) }
        };
        await Eventually(() => asked > 3);
        identity.ProvidersAnswer = null;

        var before = identity.Clock.GetUtcNow();
        await identity.Until(db => db.Sessions.SingleAsync(session => session.UserId == person.Id), session =>
            session.ConfirmDueAt > before.AddSeconds(1));
        Assert.NotNull((await browser.Refresh(tokens!)).Tokens);
    }

    [Fact]
    public async Task Without_a_refresh_token_the_provider_is_asked_through_the_browser_and_a_person_who_opens_no_page_is_out()
    {
        var person = await identity.Somebody("tokenless");
        var browser = identity.NewBrowser();
        await browser.SignIn(person.Email);
        await identity.Change(async db =>
        {
            await db.Users.Where(user => user.Id == person.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.ProviderToken, (string?)null));
            var soon = identity.Clock.GetUtcNow().AddSeconds(0.4);
            await db.Sessions.Where(session => session.UserId == person.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.ConfirmDueAt, soon));
        });

        Assert.NotNull((await browser.Enter("bluedolphin-boston")).Tokens);

        Assert.Equal(1, await identity.Until(db => db.Sessions.CountAsync(session => session.UserId == person.Id), _ => true));
        Assert.NotNull(await identity.Until(
            db => db.Users.Where(user => user.Id == person.Id).Select(user => user.ProviderToken).SingleAsync(), _ => true));
    }

    [Fact]
    public async Task A_silent_question_that_is_refused_ends_the_session()
    {
        var person = await identity.Somebody("silenced");
        var browser = identity.NewBrowser();
        await browser.SignIn(person.Email);
        await identity.AtProvider(person.Email, new { disabled = true });
        await identity.Change(db => db.Users.Where(user => user.Id == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.ProviderToken, (string?)null)));
        await identity.Change(db => db.Sessions.Where(session => session.UserId == person.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.ConfirmDueAt, identity.Clock.GetUtcNow().AddSeconds(0.4))));

        Assert.Equal("/sign-in", (await browser.Enter("bluedolphin-boston")).Refusal);

        await identity.Published<SessionsRevoked>(it => it.PersonId == person.Id);
    }
}
