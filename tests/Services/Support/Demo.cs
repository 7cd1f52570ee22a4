using System.Security.Cryptography;
using System.Text;
using EnterprisePortal.Contracts.Accounts;
using EnterprisePortal.ServiceDefaults.SignIn;

namespace EnterprisePortal.Tests.Support;

/// <summary>The demo world's two enterprises. Change them with <c>with</c> before passing them to a service.</summary>
public static class Demo
{
    public static readonly Guid
        BlueDolphinId = Id("Blue Dolphin"), EastId = Id("East"), WestId = Id("West"), TumbleTimeId = Id("Tumble Time");

    static readonly string[]
        East = ["bluedolphin-boston", "bluedolphin-albany", "bluedolphin-tampa", "bluedolphin-charlotte"],
        West = ["bluedolphin-austin", "bluedolphin-denver", "bluedolphin-tucson", "bluedolphin-fresno"],
        Tumbling = ["tumbletime-omaha", "tumbletime-tulsa", "tumbletime-wichita", "tumbletime-lincoln"];

    public static DirectoryChanged BlueDolphin { get; } = new(BlueDolphinId, "Blue Dolphin Swim Schools", 0,
        [
            new(BlueDolphinId, "Blue Dolphin Swim Schools", null, true, "portal-user@bluedolphin.example",
                "portal-admin@bluedolphin.example", [.. East, .. West]),
            new(EastId, "East", BlueDolphinId, true, null, null, East),
            new(WestId, "West", BlueDolphinId, true, null, null, West)
        ],
        [.. East.Concat(West).Select(Account)]);

    public static DirectoryChanged TumbleTime { get; } = new(TumbleTimeId, "Tumble Time Gymnastics", 0,
        [new(TumbleTimeId, "Tumble Time Gymnastics", null, true, "portal-user@tumbletime.example", "portal-admin@tumbletime.example",
            Tumbling)],
        [.. Tumbling.Select(Account)]);

    public static readonly Person
        RootAdmin = Someone("root-admin@bluedolphin.example", "Rosa Admin", Person.Admin, BlueDolphinId),
        RootUser = Someone("root-user@bluedolphin.example", "Ruben User", Person.User, BlueDolphinId),
        EastAdmin = Someone("east-admin@bluedolphin.example", "Edith Admin", Person.Admin, EastId),
        EastUser = Someone("east-user@bluedolphin.example", "Emil User", Person.User, EastId),
        WestUser = Someone("west-user@bluedolphin.example", "Wanda User", Person.User, WestId),
        TumbleAdmin = Someone("root-admin@tumbletime.example", "Tara Admin", Person.Admin, TumbleTimeId),
        TumbleUser = Someone("root-user@tumbletime.example", "Toni User", Person.User, TumbleTimeId);

    static Person Someone(string email, string name, string level, Guid group) =>
        new(Id(email), name, email, level, group, $"session-of-{email}");

    static AccountState Account(string code) => new(code, code, AccountState.Active, "America/Chicago", "US", $"http://office.example/{code}", """{"keys":[]}""");

    static Guid Id(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
