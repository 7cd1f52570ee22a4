using EnterprisePortal.Contracts;
using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Contracts.Mail;
using EnterprisePortal.ServiceDefaults;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace EnterprisePortal.Identity.Users;

/// <summary>
/// A repeated request is refused, since the address is taken. Whether another enterprise knows the address is not checked, so that nothing
/// reveals it: the person becomes a user of both, and the mail, the same for everybody, explains how to get to this one.
/// </summary>
public static class InviteUser
{
    public static void Map(RouteGroupBuilder users) => users.MapPost("/", Handle).WithName(nameof(InviteUser));

    static async Task<Results<Created<UserItem>, NotFound, ValidationProblem, ProblemHttpResult>> Handle(
        NewUser body,
        IdentityDb db,
        UserChange change,
        DirectoryReplica directory,
        Person person,
        IConfiguration configuration,
        CancellationToken cancel)
    {
        if (!EmailAddress.IsUsable(body.Email))
            return EmailAddress.Refused("email");
        if (string.IsNullOrWhiteSpace(body.Name))
            return Refusal.Invalid("name", "A person needs a name.");
        if (!EmailAddress.IsNoneOrUsable(body.StaffEmail))
            return EmailAddress.Refused("staffEmail");

        var enterprise = await change.Begin(person, cancel);
        if (enterprise is null || !change.Groups.Contains(body.Group!.Value))
            return TypedResults.NotFound();
        if (!change.ByAdmin)
            return UserRefusals.NoLongerAdmin();
        if (body.Provider == Providers.Microsoft && enterprise.MicrosoftTenants is [])
            return Refusal.Invalid("provider", "Your enterprise has not allowed a Microsoft tenant, so nobody can sign in with Microsoft.");

        var user = new PortalUser
        {
            EnterpriseId = enterprise.Id, GroupId = body.Group.Value, Email = EmailAddress.Read(body.Email), Name = body.Name.Trim(),
            Level = body.Level,
            Status = PortalUser.Invited, Provider = body.Provider, StaffEmail = EmailAddress.Read(body.StaffEmail, null)
        };
        var group = GroupName.Of(user.GroupId, directory);
        db.Add(user);
        db.Publish(Invitation(user, enterprise.Name, person, configuration.PortalUrl()));
        try
        {
            await change.Commit(user, AuditActions.UserInvited,
                new { after = new { user.Name, user.Level, group = group.Name, user.Provider, user.StaffEmail } }, cancel);
        }
        catch (DbUpdateException e) when (
            e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "portal_user_email" })
        {
            return UserRefusals.EmailTaken(user.Email);
        }
        return TypedResults.Created($"/api/users/{user.Id}", UserItem.Of(user, directory));
    }

    static SendMail Invitation(PortalUser user, string enterprise, Person by, string portal) =>
        new(user.Email, $"Your sign-in to the Enterprise Portal of {enterprise}",
        $"""
         Hello {user.Name},

         {by.Name} ({by.Email}) invites you to the Enterprise Portal of {enterprise}.

         Open {portal}sign-in?{ChooseEnterprise.Parameter}={user.EnterpriseId}
         and sign in with {Providers.NameOf(user.Provider)} as {user.Email}.
         There is no password to choose: your {Providers.NameOf(user.Provider)} sign-in is all you need.
         If you use the portal for another company too, that stays as it is: switch between them at the top of each page, below your name.

         If you did not expect this, do nothing. Nobody but you can use the invitation.
         """, user.EnterpriseId);
}
