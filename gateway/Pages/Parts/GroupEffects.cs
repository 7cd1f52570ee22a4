using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Gateway.Clients;
using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Gateway.Pages.Parts;

/// <summary>
/// Who is affected by a change of a group and how, one sentence each: <c>6 users of East and West lose 2 accounts: Austin and Denver.</c>
/// </summary>
/// <param name="users">null: not known right now; the sentences then name groups without numbers.</param>
sealed class GroupEffects(IReadOnlyList<GroupEffect> effects, IReadOnlyList<UserItem>? users, Func<string, string> nameOf)
{
    public IReadOnlyList<string> InWords() =>
    [
        .. Entries(), .. Accounts("lose", effect => effect.Lost, saidBy: false), .. Accounts("gain", effect => effect.Gained, saidBy: true),
        .. GroupsBelow(),
        .. LoginAs(Person.User, effect => effect.UserEmail), .. LoginAs(Person.Admin, effect => effect.AdminEmail)
    ];

    IEnumerable<string> Entries() =>
        from effect in effects
        where effect.LetIn is not null
        group effect by effect.LetIn!.Value into all
        let who = Who([.. all], null)
        where who is not null
        select all.Key ? $"{who.Value.Words} can sign in from now on."
            : $"{who.Value.Words} cannot sign in any more, and every session ends at once.";

    /// <param name="saidBy">Leaves out effects whose <see cref="GroupEffect.LetIn"/> has this value, which implies the sentence.</param>
    IEnumerable<string> Accounts(string verb, Func<GroupEffect, IReadOnlyList<string>> which, bool saidBy) =>
        from effect in effects
        where which(effect).Count > 0 && effect.LetIn != saidBy
        group effect by string.Join(' ', which(effect)) into all
        let who = Who([.. all], null)
        where who is not null
        let accounts = which(all.First())
        select $"{who.Value.Words} {verb}{who.Value.S} {Counted.Of(accounts.Count, "account")}: {Counted.Listed(accounts.Select(nameOf))}.";

    IEnumerable<string> GroupsBelow() =>
        from effect in effects
        from code in effect.Leaves
        group effect.Name by code into groups
        select $"{nameOf(groups.Key)} also leaves the {(groups.Count() == 1 ? "group" : "groups")} below: {Counted.Listed(groups)}.";

    IEnumerable<string> LoginAs(string level, Func<GroupEffect, LoginAsChange?> which) =>
        from effect in effects
        where which(effect) is not null
        group effect by which(effect)! into all
        let who = Who([.. all], level)
        where who is not null
        select all.Key switch
        {
            { After: null } => $"{who.Value.Words} cannot enter accounts any more: no staff user is named.",
            { Before: null } => $"{who.Value.Words} enter{who.Value.S} accounts as {all.Key.After}.",
            _ => $"{who.Value.Words} enter{who.Value.S} accounts as {all.Key.After}, no longer as {all.Key.Before}."
        };

    /// <returns>null: nobody. <c>S</c> is the verb's ending for one person.</returns>
    (string Words, string S)? Who(IReadOnlyList<GroupEffect> groups, string? level)
    {
        var thing = level switch { Person.Admin => "Admin", Person.User => "User", _ => "user" };
        var names = Counted.Listed(groups.Select(group => group.Name));
        return users?.Count(user => groups.Any(group => group.Id == user.Group.Id) && (level is null || user.Level == level)) switch
        {
            null => ($"{thing}s of {names}", ""),
            0 => null,
            1 => ($"1 {thing} of {names}", "s"),
            var some => ($"{some} {thing}s of {names}", "")
        };
    }
}
