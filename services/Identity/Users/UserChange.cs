using EnterprisePortal.Contracts;
using EnterprisePortal.ServiceDefaults.Activities;
using EnterprisePortal.ServiceDefaults.Directory;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace EnterprisePortal.Identity.Users;

/// <summary>
/// The one way to change users. <see cref="Begin"/> takes the enterprise's row lock before it reads the caller and the user: of two
/// simultaneous changes the second builds on the result of the first. Without <see cref="Commit"/>, nothing has happened.
/// </summary>
public sealed class UserChange(IdentityDb db, DirectoryReplica directory, ActivityRecorder activities) : IAsyncDisposable
{
    IDbContextTransaction? transaction;
    Person by = null!;
    bool byAdmin;

    /// <summary>The Admin's group and those below it, as they are now, which their token may not reflect.</summary>
    public Guid[] Groups { get; private set; } = [];

    /// <returns>The enterprise; null if the person is in none.</returns>
    public async Task<ImportedEnterprise?> Begin(Person person, CancellationToken cancel)
    {
        by = person;
        transaction = await db.Database.BeginTransactionAsync(cancel);
        var id = directory.EnterpriseOf(person.GroupId);
        var enterprise = (await db.Enterprises.FromSql($"select * from enterprise where id = {id} for update").ToListAsync(cancel))
            .SingleOrDefault();
        var now = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == person.Id, cancel);
        byAdmin = now is { Level: Person.Admin, Status: PortalUser.Active };
        Groups = now is null ? [] : [.. directory.ReachOf(now.GroupId).Groups.Select(group => group.Id)];
        return enterprise;
    }

    /// <summary>The row stays locked, so that the user's sign-in comes either before the change or after it.</summary>
    public async Task<PortalUser?> Find(Guid id, CancellationToken cancel) =>
        (await db.Users.FromSql(
            $"select * from portal_user where id = {id} and group_id = any({Groups}) and status <> 'deleted' for update")
                .ToListAsync(cancel)).SingleOrDefault();

    /// <returns>Why the change is not allowed; null: it is.</returns>
    public async Task<ProblemHttpResult?> Refuses(PortalUser user, string level, Guid group, string status, CancellationToken cancel)
    {
        var wasAdmin = user is { Level: Person.Admin, Status: PortalUser.Active };
        // Counted inside the transaction: two simultaneous demotions must not remove the last Admin.
        if (wasAdmin && (level, status) != (Person.Admin, PortalUser.Active) && !await db.Users.AnyAsync(other => other.Id != user.Id
                && other.EnterpriseId == user.EnterpriseId && other.Level == Person.Admin && other.Status == PortalUser.Active, cancel))
            return UserRefusals.LastAdmin();
        if (!byAdmin)
            return UserRefusals.NoLongerAdmin();
        return user.Id == by.Id && (level, group, status) != (user.Level, user.GroupId, user.Status) ? UserRefusals.Own() : null;
    }

    public bool ByAdmin => byAdmin;

    /// <param name="details">Before and after, for the audit log.</param>
    public async Task Commit(PortalUser user, AuditAction action, object details, CancellationToken cancel)
    {
        db.Publish(user.Changed());
        db.Publish(activities.Of(by, action, user.Email, details: details));
        await db.SaveChangesAsync(cancel);
        await transaction!.CommitAsync(cancel);
    }

    public ValueTask DisposeAsync() => transaction?.DisposeAsync() ?? ValueTask.CompletedTask;
}
